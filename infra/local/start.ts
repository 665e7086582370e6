/** `npm start`: the whole gateway on this machine, until Ctrl-C. */
import { parseArgs } from 'node:util';
import { consoleView as view } from './console-view.ts';
import { guardRuntime } from './runtime-guard.ts';
import { startStack } from './stack.ts';

const DEFAULT_PORT = 8787;
/** npm passes a signal on that the terminal has sent to this process already. */
const ONE_KEYSTROKE_MS = 500;

console.log();
guardRuntime();
try {
  const { values } = parseArgs({ options: { fresh: { type: 'boolean', default: false } } });
  const stack = await startStack({
    folder: '.local',
    devVarsPath: '.dev.vars',
    port: readPort(process.env.PORT),
    fresh: values.fresh,
    environment: process.env,
    onReady: view.partReady,
    onCrash: (how) =>
      view.notice(`The core ended (${how}) and starts again; .local/gateway.log says more.`),
  });
  // Until now a signal ends this process at once, and the others with it.
  const stopped = stopSignal();
  view.banner(stack, performance.now());
  await stopped;
  console.log();
  view.notice('Stopping …');
  await stack.close();
} catch (error) {
  view.failure(error instanceof Error ? error.message : 'The gateway could not start.');
  process.exitCode = 1;
}
// Whatever a library left open must not hold the terminal.
process.exit();

function readPort(text: string | undefined): number {
  if (!text) return DEFAULT_PORT;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Error(`PORT must be a port number, not "${text}".`);
}

/** Resolves when the gateway is to stop; who asks a second time does not want to wait. */
function stopSignal(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let askedAt: number | undefined;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // Miniflare would end the process before the other parts have stopped.
    process.removeAllListeners(signal);
    process.on(signal, () => {
      askedAt ??= performance.now();
      if (performance.now() - askedAt > ONE_KEYSTROKE_MS) process.exit(130);
      resolve();
    });
  }
  return promise;
}
