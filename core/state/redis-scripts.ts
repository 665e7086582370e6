/** Lua in Redis: what must happen at once. All keys of a call share a hash tag. */
export interface RedisScripts {
  /** Replies as Redis gives them: numbers, texts, null, lists. */
  run(
    script: string,
    keys: readonly string[],
    args: readonly (string | number)[],
  ): Promise<unknown>;
}
