/** What there is, and how it is typed. */
import type { Command, Option } from './command.ts';

const PROGRAM = 'npm run gateway --';

export const COMMON_OPTIONS: Readonly<Record<string, Option>> = {
  url: {
    value: 'URL',
    does: 'of the gateway, or GATEWAY_URL; the one of this folder unless given',
  },
  key: {
    value: 'KEY',
    does: 'of its operator, or better GATEWAY_ADMIN_KEY, which no list of processes shows',
  },
  json: { does: 'print what the API answers' },
  help: { does: 'print this' },
};

export function generalHelp(commands: readonly Command[]): string {
  const lines = commands.map(
    ({ name, takes, does }) => [[name, ...takes].join(' '), does] as const,
  );
  return `${PROGRAM} COMMAND …\n\n${columns(lines)}\n\nEach one takes --help, --json, --url and --key.`;
}

export function commandHelp({ name, takes, does, options }: Command): string {
  const own = optionLines(options);
  const common = optionLines(COMMON_OPTIONS);
  const typed = [PROGRAM, name, ...takes, ...(own.length > 0 ? ['[options]'] : [])].join(' ');
  const sections = [own, common].filter((lines) => lines.length > 0).map(columns);
  return [typed, `  ${does}`, ...sections].join('\n\n');
}

const optionLines = (options: Readonly<Record<string, Option>>) =>
  Object.entries(options).map(
    ([name, { value, does }]) => [`--${name}${value ? ` ${value}` : ''}`, does] as const,
  );

function columns(lines: readonly (readonly [string, string])[]): string {
  const width = Math.max(...lines.map(([left]) => left.length));
  return lines.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}
