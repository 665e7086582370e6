/** `npm run gateway -- …`: the operator's side of a gateway, from a terminal. */
import { styleText } from 'node:util';
import { runCommand } from './run-command.ts';

const { stdout, stderr } = process;

try {
  await runCommand(process.argv.slice(2), {
    environment: process.env,
    credentialsPath: '.local/credentials.json',
    fetch,
    write: (text) => stdout.write(text),
    view: {
      width: stdout.columns || Number(process.env.COLUMNS) || Number.POSITIVE_INFINITY,
      // Plain where the output is no terminal, and with NO_COLOR.
      paint: (style, text) => styleText(style, text, { stream: stdout }),
    },
  });
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  stderr.write(`${styleText('red', '✗', { stream: stderr })} ${message}\n`);
  process.exitCode = 1;
}
