/** What a person sees in the terminal: the parts as they start, then how to use the gateway. */
import { styleText } from 'node:util';
import type { Credentials } from './stack.ts';

export interface ConsoleView {
  onPart(name: string, state: 'starting' | 'done'): void;
  banner(credentials: Credentials, elapsedMs: number): void;
  failure(message: string): void;
  notice(message: string): void;
}

export function createConsoleView(now: () => number): ConsoleView {
  const startedAt = new Map<string, number>();
  return {
    onPart(name, state) {
      if (state === 'starting') startedAt.set(name, now());
      else {
        const ms = Math.round(now() - (startedAt.get(name) ?? now()));
        console.log(`  ${green('✓')} ${name.padEnd(22)}${dim(`${ms} ms`.padStart(8))}`);
      }
    },
    banner: (credentials, elapsedMs) => console.log(bannerText(credentials, elapsedMs)),
    failure: (message) => console.error(`\n  ${styleText('red', '✗')} ${indent(message)}\n`),
    notice: (message) => console.log(`  ${dim('·')} ${indent(message)}`),
  };
}

function bannerText({ baseUrl, mcpUrl, apiKey }: Credentials, elapsedMs: number): string {
  return `
  ${bold('AI Model Gateway')} is ready ${dim(`after ${(elapsedMs / 1000).toFixed(1)} s`)}

    API     ${cyan(baseUrl)}
    MCP     ${cyan(mcpUrl)}
    Key     ${apiKey}

  Try it:

    curl -N ${baseUrl}/chat/completions \\
      -H 'Authorization: Bearer ${apiKey}' \\
      -H 'Content-Type: application/json' \\
      -d '{"model":"demo-shop-assistant","stream":true,"messages":[{"role":"user","content":"Hello!"}]}'

  ${dim('All keys: .local/credentials.json    Stop: Ctrl-C')}
`;
}

const indent = (text: string): string => text.replaceAll('\n', '\n    ');
const bold = (text: string): string => styleText('bold', text);
const dim = (text: string): string => styleText('dim', text);
const cyan = (text: string): string => styleText('cyan', text);
const green = (text: string): string => styleText('green', text);
