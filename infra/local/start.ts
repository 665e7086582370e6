/** `npm start`: the whole gateway on this machine, until Ctrl-C. */
import { parseArgs } from 'node:util';
import { createConsoleView } from './console-view.ts';
import { startStack } from './stack.ts';

const DEFAULT_PORT = 8787;

const view = createConsoleView(() => performance.now());
const { values } = parseArgs({ options: { fresh: { type: 'boolean', default: false } } });
const stopped = Promise.withResolvers<void>();
/** A second Ctrl-C does not wait. */
let asked = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (asked) process.exit(130);
    asked = true;
    stopped.resolve();
  });
}

try {
  console.log();
  const stack = await startStack({
    folder: '.local',
    devVarsPath: '.dev.vars',
    port: readPort(process.env.PORT),
    fresh: values.fresh,
    environment: process.env,
    onPart: view.onPart,
    onCrash: (description) => view.notice(`The core ended (${description}) and starts again.`),
  });
  view.banner(stack.credentials, performance.now());
  await stopped.promise;
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
