import { describe, expect, it } from 'vitest';
import type { ChatChunk, ChatDelta } from '../../../../core/contract/chat.ts';
import { keepText, NO_TEXT } from '../../../../core/ledger/kept-text.ts';
import { NOTHING_TALLIED, tallyChunk } from '../../../../core/ledger/usage-tally.ts';

const said = (delta: ChatDelta, more: Partial<ChatChunk> = {}): ChatChunk => ({
  choices: [{ index: 0, delta }],
  ...more,
});
const tallied = (...chunks: readonly ChatChunk[]) => chunks.reduce(tallyChunk, NOTHING_TALLIED);
const report = (tokens: number) => ({ prompt_tokens: 1, completion_tokens: tokens });

describe('a tally', () => {
  it('takes usage from any chunk, and the last one wins', () => {
    const first = said({ content: 'a' }, { usage: report(1) });
    const last = { choices: [], usage: report(2) };
    expect(tallied(first, last, said({}))).toMatchObject({
      report: report(2),
      unreported: NO_TEXT,
    });
  });

  it('does not let an empty report hide one', () => {
    const chunks = [said({}, { usage: report(1) }), { choices: [], usage: {} }];
    expect(tallied(...chunks).report).toEqual(report(1));
  });

  it('keeps what was said after the last report', () => {
    const chunks = [said({ content: 'a' }), said({ content: 'b' }, { usage: report(2) })];
    expect(tallied(...chunks, said({ content: 'c' })).unreported.text).toBe('c');
  });

  it('keeps all that was said where the report does not count it', () => {
    const usage = { total_tokens: 12 };
    const chunks = [
      said({ content: 'a' }),
      said({ content: 'b' }, { usage }),
      said({ content: 'c' }),
    ];
    expect(tallied(...chunks)).toMatchObject({ report: usage, unreported: { text: 'abc' } });
  });

  it('keeps all that costs output: text, thoughts once, refusals, calls', () => {
    const calls = [
      { index: 0, function: { name: 'now', arguments: '{}' } },
      { index: 1, id: 'x' },
    ];
    const { unreported } = tallied(
      said({ role: 'assistant', content: 'a', refusal: 'b', tool_calls: calls }),
      said({ reasoning_content: 'c', reasoning: 'c', content: '' }),
      said({ reasoning: 'd', content: null, reasoning_details: [{ signature: 'zzz' }] }),
    );
    expect(unreported.text).toBe('abnow{}cd');
  });

  it('knows the tier that the provider named last', () => {
    expect(tallied(said({}, { service_tier: 'flex' }), said({})).tier).toBe('flex');
    expect(tallied(said({}, { service_tier: null })).tier).toBeUndefined();
  });
});

describe('kept text', () => {
  it('is bounded: of the rest only the bytes are known', () => {
    const kept = keepText(keepText(NO_TEXT, 'a'.repeat(65_535)), 'bäö');
    expect(kept.text).toHaveLength(65_536);
    expect(kept.moreBytes).toBe(4);
    expect(keepText(kept, 'ä')).toEqual({ text: kept.text, moreBytes: 6 });
  });
});
