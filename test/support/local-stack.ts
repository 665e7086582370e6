/** The gateway as `npm start` runs it: processes of its own, in a folder of its own. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, vi } from 'vitest';
import * as z from 'zod';
import { isPortFree } from '../../infra/local/ports.ts';

const START = fileURLToPath(new URL('../../infra/local/start.ts', import.meta.url));
/** Generous: the machine may be busy. */
const READY_WITHIN_MS = 30_000;
const ENDED_WITHIN_MS = 15_000;

const running: Running[] = [];
const folders: string[] = [];

/** For `afterAll`: ends whatever a test has left running, and removes the folders. */
export async function endAll(): Promise<void> {
  for (const one of running.splice(0)) {
    signalGroup(one, 'SIGKILL');
    await one.ended;
  }
  for (const folder of folders.splice(0)) {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

export interface StartOptions {
  readonly folder: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface Running {
  readonly process: ChildProcess;
  /** Everything printed by now. */
  readonly output: () => string;
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

/** A folder for one gateway; `config` becomes its gateway.config.json. */
export async function temporaryFolder(config?: object): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-'));
  folders.push(folder);
  if (config) await writeFile(join(folder, 'gateway.config.json'), JSON.stringify(config));
  return folder;
}

/** A port that is free together with the next one, from a range that no system draws from. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + randomInt(10_000);
    if ((await isPortFree(port)) && (await isPortFree(port + 1))) return port;
  }
}

/** In a process group of its own, as a terminal would, and with nothing of this environment but the path. */
export function runStart({ folder, args = [], env = {} }: StartOptions): Running {
  return run([START, ...args], folder, env);
}

export function run(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Running {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, args, {
    cwd,
    env: { PATH, HOME: cwd, ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  const ended = once(child, 'close').then(([code, signal]): number | string => code ?? signal);
  const started = { process: child, output: () => output, ended };
  running.push(started);
  return started;
}

/** Throws what was printed when the process ends, or the time runs out, without having said it. */
export async function untilOutput(running: Running, text: string): Promise<void> {
  const { process: child, output } = running;
  const said = () => output().includes(text);
  const wait = () => {
    if (!said() && child.exitCode === null) throw new Error(`Waiting for "${text}":\n${output()}`);
  };
  await vi.waitFor(wait, { timeout: READY_WITHIN_MS });
  if (!said()) throw new Error(output());
}

const credentialsSchema = z.strictObject({
  baseUrl: z.url(),
  mcpUrl: z.url(),
  apiKey: z.string(),
  adminKey: z.string(),
});

export type LocalStack = Awaited<ReturnType<typeof startLocalStack>>;

/** Resolves when the gateway says that it is ready. */
export async function startLocalStack(options: StartOptions) {
  const port = await freePort();
  const startedAt = performance.now();
  const gateway = runStart({ ...options, env: { ...options.env, PORT: String(port) } });
  await untilOutput(gateway, 'is ready');
  const readyMs = performance.now() - startedAt;

  const text = await readFile(join(options.folder, '.local/credentials.json'), 'utf8');
  const credentials = credentialsSchema.parse(JSON.parse(text));
  const { origin } = new URL(credentials.baseUrl);
  const request = (path: string, init: RequestInit = {}, key = credentials.apiKey) =>
    fetch(origin + path, { ...init, headers: { authorization: `Bearer ${key}`, ...init.headers } });
  const post = (path: string, body: object, key?: string) =>
    request(path, { ...JSON_POST, body: JSON.stringify(body) }, key);

  return {
    ...gateway,
    ...credentials,
    origin,
    port,
    readyMs,
    request,
    post,
    /** As an operator: the answer's JSON. */
    async admin(path: string, body?: object): Promise<unknown> {
      const { adminKey } = credentials;
      const answer = body
        ? await post(`/admin${path}`, body, adminKey)
        : await request(`/admin${path}`, {}, adminKey);
      return answer.json();
    },
    /** Signals every process of the group, as Ctrl-C in a terminal does. */
    async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<number | string> {
      signalGroup(gateway, signal);
      return gateway.ended;
    },
  };
}

const JSON_POST = { method: 'POST', headers: { 'content-type': 'application/json' } };

function signalGroup({ process: { pid = 0 } }: Running, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody is left in the group.
  }
}

interface ProcessFacts {
  readonly pid: number;
  readonly command: string;
}

/** The processes in the group of `leader`, without itself. */
export async function groupOf({ process: { pid: leader } }: Running): Promise<ProcessFacts[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,pgid=,stat=,args=']);
  return stdout.split('\n').flatMap((line) => {
    const [, pid, group, state = '', command = ''] =
      /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    // A zombie that still has threads ("l") still has its ports.
    const isGone = state.startsWith('Z') && !state.includes('l');
    const isOurs = Number(group) === leader && Number(pid) !== leader && !isGone;
    return isOurs ? [{ pid: Number(pid), command }] : [];
  });
}

export async function corePid(gateway: Running): Promise<number> {
  const core = (await groupOf(gateway)).find(({ command }) => command.includes('core-process'));
  if (!core) throw new Error('The core is not running.');
  return core.pid;
}

/** Resolves when nothing that it started runs any more. */
export const untilAlone = (running: Running): Promise<void> =>
  vi.waitFor(async () => expect(await groupOf(running)).toEqual([]), { timeout: ENDED_WITHIN_MS });
