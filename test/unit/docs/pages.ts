/** The project's own pages, as the tests of the docs read them. */
import { globSync, readFileSync } from 'node:fs';

export const PAGES = globSync(['*.md', 'docs/**/*.md', '.github/**/*.md']).sort();

export const readPage = (path: string): string => readFileSync(path, 'utf8');

/** What the first group of `pattern` holds, at every place of the text where it matches. */
export const findAll = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].flatMap(([, found]) => found ?? []);
