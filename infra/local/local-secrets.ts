/** The secrets of this machine's gateway: made at the first start, kept for the next ones. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { exportJWK, generateKeyPair } from 'jose';
import * as z from 'zod';
import { HOP } from '../../core/contract/hop.ts';
import { writePrivateFile } from './state-folder.ts';

const secret = () => randomBytes(32).toString('base64url');

const localSecretsSchema = z.object({
  /** JWKs, as JSON text. */
  hopPrivateKey: z.string(),
  hopPublicKey: z.string(),
  keyPepper: z.string(),
  cacheSecret: z.string(),
  redisToken: z.string(),
  sealingKey: z.string().default(secret),
  /** The keys that the banner shows; of every other key only a digest is kept. */
  apiKey: z.string().optional(),
  adminKey: z.string().optional(),
});
export type LocalSecrets = z.infer<typeof localSecretsSchema>;

export async function loadSecrets(path: string): Promise<LocalSecrets> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return makeSecrets();
  try {
    return localSecretsSchema.parse(JSON.parse(text));
  } catch (cause) {
    const message = `${path} is damaged. Start with --fresh to forget what is stored.`;
    throw new Error(message, { cause });
  }
}

export const saveSecrets = (path: string, secrets: LocalSecrets): Promise<void> =>
  writePrivateFile(path, JSON.stringify(secrets, null, 2));

async function makeSecrets(): Promise<LocalSecrets> {
  const { privateKey, publicKey } = await generateKeyPair(HOP.algorithm, { extractable: true });
  return {
    hopPrivateKey: JSON.stringify(await exportJWK(privateKey)),
    hopPublicKey: JSON.stringify(await exportJWK(publicKey)),
    keyPepper: secret(),
    cacheSecret: secret(),
    redisToken: secret(),
    sealingKey: secret(),
  };
}
