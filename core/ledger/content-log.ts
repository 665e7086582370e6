/** What requests asked and were answered: kept only for keys with `logContent`, apart from their rows. */

export interface ContentOwner {
  readonly requestId: string;
  readonly tenantId: string;
}

export interface Content {
  /** Bodies as they crossed the gateway, each cut off behind so many bytes. */
  readonly request: string;
  readonly answer: string;
}

export const MAX_CONTENT_BYTES = 65_536;

export interface ContentLog {
  /** `receivedAt` in epoch ms. Never rejects: a request is not worse for what is not known of it later. */
  keep(owner: ContentOwner & { readonly receivedAt: number }, content: Content): Promise<void>;
  /** Undefined where nothing was kept, or where no key opens it any more. */
  find(owner: ContentOwner): Promise<Content | undefined>;
}
