import type { CategorySeed } from '../category-seed.ts';

export const cookware: CategorySeed = {
  path: 'Kitchen > Cookware',
  brands: {
    Ferrowood: ['Basic', 'Chef', 'Master'],
    Pannello: ['3', '5', '7'],
    Kupfer: ['Alltag', 'Küche', 'Meister'],
    Harrowgate: ['Home', 'Select', 'Heritage'],
    Brasilla: ['A', 'B', 'C'],
    'Nord & Soil': ['Light', 'Solid', 'Forged'],
    Tillmore: ['100', '200', '300'],
    Copperfen: ['One', 'Two', 'Three'],
  },
  lines:
    'Ember Simmer Sear Stew Lago Brodo Fuoco Coccio Pfanne Topf Glut Ofen Granary Orchard Smithy ' +
    'Barn Fogo Caldo Brasa Panela Birch Spruce Iron Clay Griddle Ladle Hearth Larder Meadow ' +
    'Brook Furnace Moor',
  kinds: [
    {
      noun: 'Nonstick Frying Pan',
      price: [24, 99],
      specifications: [
        { key: 'material', label: 'Material', values: ['Aluminum', 'Cast aluminum', 'Steel'] },
        { key: 'oven_safe', label: 'Oven safe to', unit: '°C', values: [160, 220, 260] },
        { key: 'weight', label: 'Weight', unit: 'kg', from: 0.9, to: 1.4, step: 0.1 },
      ],
      openings: [
        'A frying pan for eggs, fish and pancakes that needs hardly any fat.',
        'Nothing sticks to its ceramic coating, which is made without PFAS.',
      ],
    },
    {
      noun: 'Stainless Steel Saucepan',
      price: [29, 139],
      specifications: [
        {
          key: 'material',
          label: 'Material',
          values: ['Steel', 'Three-ply steel', 'Five-ply steel'],
        },
        { key: 'oven_safe', label: 'Oven safe to', unit: '°C', values: [180, 240, 260] },
        { key: 'weight', label: 'Weight', unit: 'kg', from: 1, to: 1.7, step: 0.1 },
      ],
      openings: [
        'A saucepan that heats evenly up the sides, with a lid that closes without rattling.',
        'Scale on the inside and a lip on both sides make measuring and pouring easy.',
      ],
    },
    {
      noun: 'Carbon Steel Wok',
      price: [34, 129],
      specifications: [
        {
          key: 'material',
          label: 'Material',
          values: ['Carbon steel', 'Carbon steel', 'Forged steel'],
        },
        { key: 'oven_safe', label: 'Oven safe to', unit: '°C', values: [200, 260, 300] },
        { key: 'weight', label: 'Weight', unit: 'kg', from: 1.2, to: 1.9, step: 0.1 },
      ],
      openings: [
        'A wok that gets hot quickly, browns well and improves with every use.',
        'Its flat base stands on any stove, induction included.',
      ],
    },
    {
      noun: 'Cast Iron Dutch Oven',
      price: [69, 329],
      specifications: [
        {
          key: 'material',
          label: 'Material',
          values: ['Cast iron', 'Enameled cast iron', 'Enameled cast iron'],
        },
        { key: 'oven_safe', label: 'Oven safe to', unit: '°C', values: [230, 250, 280] },
        { key: 'weight', label: 'Weight', unit: 'kg', from: 4.2, to: 5.4, step: 0.1 },
      ],
      openings: [
        'A heavy pot for stews and bread that keeps its heat long after the stove is off.',
        'Small bumps under the lid return the moisture to the roast.',
      ],
    },
  ],
  specifications: [
    { key: 'induction', label: 'Induction', values: [true, true, true] },
    { key: 'warranty', label: 'Warranty', unit: 'years', values: [2, 5, 25] },
  ],
  option: { name: 'Diameter', labels: ['20 cm', '24 cm', '28 cm'], stepUsd: 9 },
  middles: [
    [
      'A sensible piece for a first kitchen.',
      'The handle is riveted, so nothing comes loose with time.',
    ],
    [
      'A thicker base makes it forgiving on small burners.',
      'It goes from the stove into the oven, up to {oven_safe} °C.',
    ],
    [
      'Made in one workshop from start to finish, it is meant to be inherited.',
      'Professional kitchens use the same piece, with a plainer handle.',
    ],
  ],
  closings: [
    'It works on gas, electric and induction stoves.',
    'Wash it by hand and it will last.',
    'The maker guarantees it for {warranty} years.',
    'The smallest size weighs {weight} kg.',
  ],
};
