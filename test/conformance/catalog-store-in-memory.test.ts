import { createInMemoryCatalogStore } from '../support/in-memory-catalog-store.ts';
import { describeCatalogStore } from './catalog-store.suite.ts';

describeCatalogStore('the in-memory catalogue store', async () => createInMemoryCatalogStore());
