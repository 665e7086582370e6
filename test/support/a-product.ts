import type { Product } from '../../core/contract/product.ts';

/** A product with every field, but for what a test changes. */
export const aProduct = (changes: Partial<Product> = {}): Product => ({
  id: 'auravelle-nocturne-400',
  title: 'Auravelle Nocturne 400 Wireless Over-Ear Headphones',
  description: 'Closed wireless headphones with 40 hours of battery life.',
  brand: 'Auravelle',
  category: 'Electronics > Headphones',
  variants: [aVariant()],
  media: [{ type: 'image', url: 'https://images.shop.example/nocturne.jpg', altText: 'Nocturne' }],
  rating: { value: 4.5, count: 120 },
  condition: 'new',
  specifications: [{ key: 'battery_life', label: 'Battery life', value: 40, unit: 'h' }],
  version: 1,
  updatedAt: Date.UTC(2026, 0, 15),
  ...changes,
});

export const aVariant = (
  changes: Partial<Product['variants'][number]> = {},
): Product['variants'][number] => ({
  id: 'auravelle-nocturne-400-black',
  sku: 'AUR-400-1',
  gtins: ['2000000004006'],
  price: { amount: 19999, currency: 'USD' },
  listPrice: { amount: 24999, currency: 'USD' },
  availability: 'in_stock',
  options: [{ name: 'Color', label: 'Black' }],
  media: [],
  ...changes,
});
