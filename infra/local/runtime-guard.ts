/**
 * The Workers runtime outlives a parent that is killed outright, and keeps its port. A shell waits
 * on a pipe that only this process holds open; when it closes, the shell ends the runtime.
 */
import { ChildProcess, spawn } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';

const SCRIPT = 'trap "" INT TERM HUP; read -r _; kill -KILL "$1"';

/** From now on every runtime that this process starts ends with it. */
export function guardRuntime(): void {
  subscribe('child_process', (message) => {
    const child = processOf(message);
    child?.once('spawn', () => {
      if (child.spawnfile.includes('workerd')) guard(child);
    });
  });
}

function guard(runtime: ChildProcess): void {
  const shell = spawn('sh', ['-c', SCRIPT, 'sh', String(runtime.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Without a shell there is no guard, and nothing else is lost.
  shell.on('error', () => {});
  runtime.once('exit', () => shell.kill('SIGKILL'));
}

function processOf(message: unknown): ChildProcess | undefined {
  const found = typeof message === 'object' && message && 'process' in message && message.process;
  return found instanceof ChildProcess ? found : undefined;
}
