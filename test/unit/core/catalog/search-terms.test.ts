import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toTerms } from '../../../../core/catalog/search-terms.ts';

it.each([
  ['Running Shoes', ['running', 'shoe']],
  ['batteries', ['battery']],
  ['watches, boxes & glasses', ['watch', 'box', 'glass']],
  ['stainless glass gas bus', ['stainless', 'glass', 'gas', 'bus']],
  ["Kids' smartwatch", ['kid', 'smartwatch']],
  ['Café KÜCHE', ['cafe', 'kuche']],
  ['3.5 mm jack', ['3.5', 'mm', 'jack']],
  ['Which headphones do you have?', ['headphone']],
  ['what do you have', []],
])('%s → %s', (text, terms) => {
  expect(toTerms(text)).toEqual(terms);
});

it.each([
  ['watch', 'watches'],
  ['box', 'boxes'],
  ['battery', 'batteries'],
  ['shoe', 'shoes'],
  ['dress', 'dresses'],
  ['brush', 'brushes'],
])('"%s" and "%s" are one term', (singular, plural) => {
  expect(toTerms(plural)).toEqual(toTerms(singular));
});

it('finds the same terms whatever the case', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(toTerms(text.toUpperCase().toLowerCase())).toEqual(toTerms(text.toLowerCase()));
    }),
  );
});
