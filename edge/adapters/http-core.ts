import { Fault } from '../../core/contract/fault.ts';
import { HEADER } from '../../core/contract/header-names.ts';
import { coreUnavailable, isCoreAnswer } from '../policy/core-answer.ts';
import type { Core } from '../ports.ts';
import type { HopSigner } from './hop-signer.ts';

export interface HttpCoreDeps {
  /** From the configuration alone; nothing in a request reaches it but path and query. */
  readonly url: string;
  readonly signHop: HopSigner;
}

/** One call, never repeated and never redirected. */
export const createHttpCore = ({ url, signHop }: HttpCoreDeps): Core => ({
  async send({ method, path, headers, body, caller, signal }) {
    const signed = new Headers(headers);
    signed.set(HEADER.hop, await signHop(caller));
    const init = { method, headers: signed, redirect: 'manual', signal } as const;
    const answer = await fetch(
      url.replace(/\/$/, '') + path,
      body === undefined ? init : { ...init, body },
    ).catch((cause: unknown) => {
      throw new Fault('core_unavailable', { cause });
    });
    if (isCoreAnswer(answer.status, answer.headers.get('content-type'))) return answer;
    await answer.body?.cancel();
    throw coreUnavailable(answer.status);
  },
});
