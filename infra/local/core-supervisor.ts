/** Keeps one core process running: started, started again if it dies, stopped with the gateway. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
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
  readonly onCrash: (description: string) => void;
}

/** Resolves when the core serves; rejects when its first start fails, having said why on stderr. */
export async function superviseCore(options: SuperviseOptions): Promise<CoreSupervisor> {
  let stopping = false;
  let child = spawnCore(options.environment);
  await ready(child);
  void keepRunning();

  async function keepRunning() {
    while (!stopping) {
      const [code, signal] = await once(child, 'exit');
      if (stopping) return;
      options.onCrash(signal ?? `exit code ${code}`);
      await sleep(RESTART_AFTER_MS);
      if (!stopping) child = spawnCore(options.environment);
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

const spawnCore = (environment: SuperviseOptions['environment']): ChildProcess =>
  spawn(process.execPath, ['--enable-source-maps', ENTRY], {
    env: environment,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });

async function ready(child: ChildProcess): Promise<void> {
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`The core could not start (exit code ${code}).`);
  });
  await Promise.race([once(child, 'message'), failed]);
  failed.catch(() => {});
}
