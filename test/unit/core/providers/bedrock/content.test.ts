import { describe, expect, it } from 'vitest';
import { toBlocks, toCachePoint } from '../../../../../core/providers/bedrock/content.ts';

const PNG = Buffer.from('a picture');
const dataUrl = (type: string) => `data:${type};base64,${PNG.toString('base64')}`;
const image = (url: string) => ({ type: 'image_url', image_url: { url } });
const file = (file: object) => ({ type: 'file', file });

describe('content of a message', () => {
  it.each([
    ['a string', 'hello', [{ text: 'hello' }]],
    ['nothing', null, []],
    ['blank text, which Converse refuses', ' \n', []],
    ['a text part', [{ type: 'text', text: 'hello' }], [{ text: 'hello' }]],
    ['a refusal', [{ type: 'refusal', refusal: 'no' }], [{ text: 'no' }]],
    ['a blank refusal', [{ type: 'refusal', refusal: '' }], []],
  ])('%s', (_, content, blocks) => {
    expect(toBlocks(content, 'messages.0.content')).toEqual(blocks);
  });

  it.each([
    ['image/png', 'png'],
    ['image/jpeg', 'jpeg'],
    ['image/jpg', 'jpeg'],
    ['IMAGE/GIF', 'gif'],
    ['image/webp', 'webp'],
    ['image/png;charset=utf-8', 'png'],
  ])('an image of %s arrives as its bytes', (type, format) => {
    expect(toBlocks([image(dataUrl(type))], 'messages.0.content')).toEqual([
      { image: { format, source: { bytes: PNG } } },
    ]);
  });

  it.each([
    ['by its media type', { file_data: dataUrl('application/pdf') }, 'pdf'],
    ['by its name', { file_data: PNG.toString('base64'), filename: 'Prices.XLSX' }, 'xlsx'],
  ])('a document is known %s and named neutrally by its place', (_, part, format) => {
    expect(toBlocks([file(part)], 'messages.3.content')).toEqual([
      { document: { format, name: 'document-3-0', source: { bytes: PNG } } },
    ]);
  });

  it.each([
    ['', { type: 'ephemeral' }, { type: 'default' }],
    [' with its lifetime', { type: 'ephemeral', ttl: '1h' }, { type: 'default', ttl: '1h' }],
  ])('a cache point follows the part that asks for it%s', (_, cache_control, cachePoint) => {
    const parts = [
      { type: 'text', text: 'a', cache_control },
      { type: 'text', text: 'b' },
    ];
    expect(toBlocks(parts, 'messages.0.content')).toEqual([
      { text: 'a' },
      { cachePoint },
      { text: 'b' },
    ]);
  });

  it('no cache point stands before anything', () => {
    const blank = { type: 'text', text: '', cache_control: { type: 'ephemeral' } };
    expect(toBlocks([blank], 'messages.0.content')).toEqual([]);
  });

  it.each([
    ['a URL to fetch', image('https://shop.example/kettle.png'), '0.image_url.url'],
    ['a picture of another kind', image(dataUrl('image/tiff')), '0.image_url.url'],
    ['a data URL in plain text', image('data:image/png,abc'), '0.image_url.url'],
    ['a data URL without an end', image(`data:${';'.repeat(500_000)}`), '0.image_url.url'],
    ['an empty picture', image('data:image/png;base64,'), '0.image_url.url'],
    ['broken base64', image('data:image/png;base64,%%%'), '0.image_url.url'],
    ['a document of another kind', file({ file_data: dataUrl('font/ttf') }), '0.file.file_data'],
    ['a file kept elsewhere', file({ file_id: 'file-1' }), '0.file.file_data'],
    ['a part Converse lacks', { type: 'input_audio', input_audio: {} }, '0.type'],
    [
      'an unknown cache control',
      { type: 'text', text: 'a', cache_control: { type: 'forever' } },
      '0.cache_control.type',
    ],
  ])('refuses %s, naming it', (_, part, path) => {
    expect(() => toBlocks([part], 'messages.0.content')).toThrow(
      expect.objectContaining({
        reason: 'unsupported',
        details: { param: `messages.0.content.${path}` },
      }),
    );
  });
});

it('a cache control that is not one is refused by its path', () => {
  expect(() => toCachePoint('yes', 'tools.0.cache_control')).toThrow(
    expect.objectContaining({ details: { param: 'tools.0.cache_control' } }),
  );
});
