/** Keeps one core process running: started, started again if it dies, stopped with the gateway. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ENTRY = fileURLToPath(new URL('./core-process.ts', import.meta.url));
const RESTART_AFTER_MS = 500;
/** Requests under way get this long to end before the process is killed. */
const STOP_WITHIN_MS = 5_000;

export interface CoreSupervisor {
  /** Lets requests under way end first. */
  close(): Promise<void>;
}

export interface SuperviseOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The file to which what the process prints is appended. */
  readonly logPath: string;
  /** Told how it ended: a signal or an exit code. */
  readonly onCrash: (how: string) => void;
}

/** Resolves when the core serves; rejects with the core's own sentence when its first start fails. */
export async function superviseCore(options: SuperviseOptions): Promise<CoreSupervisor> {
  let stopping = false;
  let child = spawnCore(options);
  await ready(child, options);
  void keepRunning();

  async function keepRunning() {
    while (!stopping) {
      const [code, signal] = await once(child, 'exit');
      if (stopping) return;
      options.onCrash(signal ?? `exit code ${code}`);
      await sleep(RESTART_AFTER_MS);
      if (!stopping) child = spawnCore(options);
    }
  }

  return {
    async close() {
      stopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      if (child.connected) child.send('stop');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
      await exited;
      clearTimeout(timer);
    },
  };
}

function spawnCore({ environment, logPath }: SuperviseOptions): ChildProcess {
  const log = openSync(logPath, 'a');
  const child = spawn(process.execPath, ['--enable-source-maps', ENTRY], {
    env: environment,
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  return child;
}

async function ready(child: ChildProcess, { logPath }: SuperviseOptions): Promise<void> {
  const exited = once(child, 'exit').then(
    ([code, signal]) => `The core ended (${signal ?? `exit code ${code}`}); ${logPath} says more.`,
  );
  const answer = await Promise.race([once(child, 'message').then(([message]) => message), exited]);
  if (answer !== 'ready') throw new Error(String(answer));
}
