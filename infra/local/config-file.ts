import { readFile } from 'node:fs/promises';
import { ConfigError, parseConfig } from '../../core/config/gateway-config.ts';

const DEFAULT_PATH = 'gateway.config.json';

/** The text of a valid configuration; without `path` undefined when there is no file of the usual name. */
export async function readConfigFile(path: string | undefined): Promise<string | undefined> {
  const text = await readText(path);
  if (text === undefined) return undefined;
  try {
    parseConfig(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : '';
    throw new ConfigError(`${path ?? DEFAULT_PATH} is not valid:\n${reason}`, { cause });
  }
  return text;
}

async function readText(path: string | undefined): Promise<string | undefined> {
  try {
    return await readFile(path ?? DEFAULT_PATH, 'utf8');
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    if (isMissing && path === undefined) return undefined;
    const hint = isMissing ? 'there is no such file' : 'check its permissions';
    throw new ConfigError(`${path ?? DEFAULT_PATH} cannot be read: ${hint}.`, { cause });
  }
}
