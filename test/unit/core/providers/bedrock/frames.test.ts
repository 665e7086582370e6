import { describe, expect, it } from 'vitest';
import { collectBody, frameReader } from '../../../../../core/providers/bedrock/frames.ts';
import { corrupt, event, exception, frame } from '../../../../support/bedrock-server.ts';

const text = (value: string) => Buffer.from(value);
const reader = frameReader({ utf8Encoder: String, utf8Decoder: text });

async function* inChunks(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size);
}

async function read(bytes: Uint8Array, size = bytes.byteLength) {
  const names: string[] = [];
  const events = reader.deserialize(inChunks(bytes, size), async (input) => {
    const [name = ''] = Object.keys(input);
    return name === 'novelty' ? { $unknown: [name, {}] } : { name };
  });
  for await (const { name } of events) names.push(name ?? '');
  return names;
}

const stream = Buffer.concat([
  event('messageStart', { role: 'assistant' }),
  event('novelty', {}),
  event('contentBlockDelta', { delta: { text: 'a'.repeat(300) } }),
  frame({ 'event-type': 'messageStop' }, '{}'),
]);
const EVENTS = ['messageStart', 'contentBlockDelta', 'messageStop'];

describe('frames', () => {
  it.each([1, 2, 3, 15, 16, 17, 64, 10_000])(
    'in chunks of %i bytes are the same events, without the unknown ones',
    async (size) => {
      await expect(read(stream, size)).resolves.toEqual(EVENTS);
    },
  );

  it('an end anywhere inside a frame is a cut', async () => {
    const frameEnds = new Set([0]);
    for (let at = 0; at < stream.byteLength; ) {
      at += stream.readUInt32BE(at);
      frameEnds.add(at);
    }
    for (let end = 1; end < stream.byteLength; end += 1) {
      if (frameEnds.has(end)) continue;
      await expect(read(stream.subarray(0, end))).rejects.toMatchObject({ name: 'CutFrame' });
    }
  });

  it.each([
    ['a turned bit', corrupt(event('messageStart', {}))],
    ['a length below any frame', Buffer.alloc(16)],
    ['a web page', text('<!doctype html><title>Bad gateway</title>')],
  ])('%s is a corrupt frame', async (_, bytes) => {
    await expect(read(bytes)).rejects.toMatchObject({ name: 'CorruptFrame' });
  });

  it.each([
    [
      'an exception',
      exception('throttlingException', 'slow down'),
      'throttlingException',
      '{"message":"slow down"}',
    ],
    [
      'an error',
      frame({ 'message-type': 'error', 'error-code': 'InternalError', 'error-message': 'sorry' }),
      'InternalError',
      'sorry',
    ],
    ['an error without a word', frame({ 'message-type': 'error' }), 'UnknownError', ''],
  ])('%s is thrown by its name', async (_, bytes, name, message) => {
    await expect(read(bytes)).rejects.toMatchObject({ name, message });
  });
});

it('a stream that does not end is given up', async () => {
  const large = event('contentBlockDelta', { delta: { text: 'a'.repeat(1_048_576) } });
  let sent = 0;
  const endless = async function* () {
    for (;;) {
      sent += 1;
      yield large;
    }
  };
  const events = reader.deserialize(endless(), async () => ({}));
  const drain = Array.fromAsync(events);
  await expect(drain).rejects.toMatchObject({ name: 'EndlessBody' });
  expect(sent).toBeLessThan(70);
});

describe('a body that is no stream', () => {
  it('is collected', async () => {
    await expect(collectBody(inChunks(stream, 10))).resolves.toEqual(stream);
  });

  it('is given up when it does not end', async () => {
    const megabyte = new Uint8Array(1024 * 1024);
    let sent = 0;
    const endless = async function* () {
      for (;;) {
        sent += 1;
        yield megabyte;
      }
    };
    await expect(collectBody(endless())).rejects.toMatchObject({ name: 'EndlessBody' });
    expect(sent).toBeLessThan(20);
  });
});
