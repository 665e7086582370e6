/** Which gateway a command is for, and the operator's key to it. */
import { readFile } from 'node:fs/promises';
import * as z from 'zod';

export interface Connection {
  readonly url: string;
  readonly key: string;
}

export interface ConnectionSources {
  /** `--url` and `--key`. */
  readonly url: string | undefined;
  readonly key: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What `npm start` leaves behind. */
  readonly credentialsPath: string;
}

const credentialsSchema = z.object({ baseUrl: z.url(), adminKey: z.string() });

/** The nearest of options, environment and the gateway of this folder. */
export async function connectionFrom(sources: ConnectionSources): Promise<Connection> {
  const { GATEWAY_URL, GATEWAY_ADMIN_KEY } = sources.environment;
  const url = sources.url ?? GATEWAY_URL;
  const key = sources.key ?? GATEWAY_ADMIN_KEY;
  if (url && key) return { url: originOf(url), key };
  const local = await readCredentials(sources.credentialsPath);
  if (local && !url) return { url: originOf(local.baseUrl), key: key ?? local.adminKey };
  if (url) throw new Error('Give the key of an operator of that gateway in GATEWAY_ADMIN_KEY.');
  throw new Error(
    'There is no gateway here: start one with "npm start", or name one in GATEWAY_URL and GATEWAY_ADMIN_KEY.',
  );
}

async function readCredentials(path: string) {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return credentialsSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(`${path} is damaged; start the gateway again.`, { cause });
  }
}

function originOf(url: string): string {
  if (!URL.canParse(url))
    throw new Error(`"${url}" is no URL; give one as https://gateway.example.`);
  return new URL(url).origin;
}
