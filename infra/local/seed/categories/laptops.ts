import type { CategorySeed } from '../category-seed.ts';

export const laptops: CategorySeed = {
  path: 'Electronics > Laptops',
  brands: {
    Corvanta: ['3', '5', '7'],
    Nimbrel: ['A10', 'A20', 'A30'],
    Tesselo: ['Go', 'Plus', 'Max'],
    Ardwick: ['E', 'S', 'X'],
    Quillon: ['310', '510', '710'],
    Veltara: ['Base', 'Prime', 'Ultra'],
    Ostrand: ['I', 'II', 'III'],
    Lunaris: ['14', '16', '18'],
  },
  lines:
    'Feather Ledger Forge Campus Cirrus Docket Anvil Primer Tile Column Raptor Atlas Swift ' +
    'Mason Bolt Scholar Quire Folio Blaze Notebook Zephyr Charter Onyx Tutor Sparrow Bureau ' +
    'Thunder Lantern Crescent Almanac Eclipse Orbit',
  kinds: [
    {
      noun: 'Ultralight Laptop',
      price: [849, 1899],
      specifications: [
        { key: 'display_size', label: 'Display', unit: 'in', values: [13.3, 13.6, 14] },
        { key: 'memory', label: 'Memory', unit: 'GB', values: [16, 16, 32] },
        { key: 'battery_life', label: 'Battery life', unit: 'h', from: 12, to: 20, step: 1 },
        { key: 'weight', label: 'Weight', unit: 'kg', from: 1.29, to: 0.98, step: 0.01 },
      ],
      openings: [
        'A thin {display_size}-inch laptop of {weight} kg that lasts about {battery_life} hours away from a socket.',
        'Made for people who work on trains: {weight} kg, a {display_size}-inch display and a quiet fan.',
      ],
    },
    {
      noun: 'Business Laptop',
      price: [699, 1699],
      specifications: [
        { key: 'display_size', label: 'Display', unit: 'in', values: [14, 14, 16] },
        { key: 'memory', label: 'Memory', unit: 'GB', values: [16, 32, 32] },
        { key: 'battery_life', label: 'Battery life', unit: 'h', from: 10, to: 16, step: 1 },
        { key: 'weight', label: 'Weight', unit: 'kg', from: 1.62, to: 1.38, step: 0.01 },
      ],
      openings: [
        'An office laptop with a {display_size}-inch matte display, {memory} GB of memory and a fingerprint reader.',
        'A sturdy laptop for work, with a full row of ports and a keyboard that resists spills.',
      ],
    },
    {
      noun: 'Gaming Laptop',
      price: [999, 2799],
      specifications: [
        { key: 'display_size', label: 'Display', unit: 'in', values: [15.6, 16, 17.3] },
        { key: 'memory', label: 'Memory', unit: 'GB', values: [16, 32, 64] },
        { key: 'refresh_rate', label: 'Refresh rate', unit: 'Hz', values: [144, 165, 240] },
        { key: 'battery_life', label: 'Battery life', unit: 'h', from: 5, to: 8, step: 0.5 },
        { key: 'weight', label: 'Weight', unit: 'kg', from: 2.3, to: 2.75, step: 0.05 },
      ],
      openings: [
        'A gaming laptop whose {display_size}-inch display refreshes {refresh_rate} times a second.',
        'Dedicated graphics, {memory} GB of memory and two fans that keep the frame rate steady.',
      ],
    },
    {
      noun: 'Student Laptop',
      price: [329, 749],
      specifications: [
        { key: 'display_size', label: 'Display', unit: 'in', values: [14, 14, 15.6] },
        { key: 'memory', label: 'Memory', unit: 'GB', values: [8, 8, 16] },
        { key: 'battery_life', label: 'Battery life', unit: 'h', from: 9, to: 14, step: 1 },
        { key: 'weight', label: 'Weight', unit: 'kg', from: 1.65, to: 1.45, step: 0.01 },
      ],
      openings: [
        'A simple {display_size}-inch laptop for notes, research and films, with {battery_life} hours of battery life.',
        'An affordable laptop for school, with rubber edges and a hinge that opens flat.',
      ],
    },
  ],
  specifications: [
    { key: 'webcam', label: 'Webcam', unit: 'MP', values: [2, 2, 5] },
    { key: 'warranty', label: 'Warranty', unit: 'years', values: [1, 2, 3] },
  ],
  option: { name: 'Storage', labels: ['512 GB', '1 TB'], stepUsd: 110 },
  middles: [
    [
      'Memory and storage can be extended later.',
      'It does the daily work well and leaves the extras to its bigger siblings.',
    ],
    [
      'The middle model adds a brighter display and a faster drive.',
      'Its metal lid and backlit keyboard are what most buyers come for.',
    ],
    [
      'The top model has the fastest processor of the line and a display calibrated at the factory.',
      'A {webcam} megapixel webcam and four speakers make it the best of the line for meetings.',
    ],
  ],
  closings: [
    'It charges over USB-C.',
    'The battery can be replaced with a screwdriver.',
    'Accidents are covered in its first year.',
    'The webcam has a shutter.',
  ],
};
