/** What a person sees in the terminal: the parts as they start, then how to use the gateway. */
import { styleText } from 'node:util';
import type { Stack } from './stack.ts';

export const consoleView = {
  partReady(name: string, ms: number): void {
    console.log(`  ${green('✓')} ${name.padEnd(22)}${dim(`${Math.round(ms)} ms`.padStart(8))}`);
  },
  banner(stack: Stack, ms: number): void {
    console.log(bannerText(stack, ms));
  },
  failure(message: string): void {
    console.error(`  ${styleText('red', '✗')} ${indent(message)}\n`);
  },
  notice(message: string): void {
    console.log(`  ${dim('·')} ${indent(message)}`);
  },
};

function bannerText(stack: Stack, ms: number): string {
  const { baseUrl, mcpUrl, apiKey } = stack.credentials;
  return `
  ${bold('AI Model Gateway')} is ready ${dim(`after ${(ms / 1000).toFixed(1)} s`)}

    API     ${cyan(baseUrl)}
    MCP     ${cyan(mcpUrl)}
    Key     ${apiKey}

  Try it:

    ${firstRequest(stack).join(' \\\n      ')}

  ${dim('All keys: .local/credentials.json    Log: .local/gateway.log    Stop: Ctrl-C')}
`;
}

/** A question to the model, or where no model is known by name, the question which there are. */
function firstRequest({ credentials, model }: Stack): readonly string[] {
  const { baseUrl, apiKey } = credentials;
  const key = `-H 'Authorization: Bearer ${apiKey}'`;
  if (model === undefined) return [`curl ${baseUrl}/models`, key];
  const messages = [{ role: 'user', content: 'Hello!' }];
  return [
    `curl -N ${baseUrl}/chat/completions`,
    key,
    `-H 'Content-Type: application/json'`,
    `-d '${JSON.stringify({ model, stream: true, messages })}'`,
  ];
}

const indent = (text: string): string => text.replaceAll('\n', '\n    ');
const bold = (text: string): string => styleText('bold', text);
const dim = (text: string): string => styleText('dim', text);
const cyan = (text: string): string => styleText('cyan', text);
const green = (text: string): string => styleText('green', text);
