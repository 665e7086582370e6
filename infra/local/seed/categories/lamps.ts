import type { CategorySeed } from '../category-seed.ts';

export const lamps: CategorySeed = {
  path: 'Home > Lamps',
  brands: {
    Lumerin: ['A', 'B', 'C'],
    Glimmerby: ['One', 'Two', 'Three'],
    'Nord & Soil': ['Birch', 'Oak', 'Walnut'],
    Candelle: ['Petite', 'Moyenne', 'Grande'],
    Wickford: ['No. 1', 'No. 2', 'No. 3'],
    Lichtung: ['10', '20', '30'],
    Solenne: ['S', 'M', 'L'],
    Arcady: ['Mono', 'Duo', 'Trio'],
  },
  lines:
    'Reed Heron Moth Halo Pixel Stork Firefly Dome Twig Alder Dew Canopy Plume Saule Bougie Cloche ' +
    'Quill Mast Ember Bonnet Strich Linie Funke Kugel Brin Tige Lueur Coupole Hinge Bow Wink Sphere',
  kinds: [
    {
      noun: 'LED Desk Lamp',
      price: [29, 149],
      specifications: [
        { key: 'brightness', label: 'Brightness', unit: 'lm', from: 400, to: 900, step: 50 },
        { key: 'height', label: 'Height', unit: 'cm', from: 38, to: 56, step: 1 },
        { key: 'power', label: 'Power', unit: 'W', from: 6, to: 12, step: 1 },
      ],
      openings: [
        'A desk lamp whose arm stays where it is put.',
        'Lights a whole desk with {brightness} lumens and does not dazzle the person opposite.',
      ],
    },
    {
      noun: 'Floor Lamp',
      price: [59, 349],
      specifications: [
        { key: 'brightness', label: 'Brightness', unit: 'lm', from: 800, to: 2200, step: 100 },
        { key: 'height', label: 'Height', unit: 'cm', from: 148, to: 185, step: 1 },
        { key: 'power', label: 'Power', unit: 'W', from: 10, to: 24, step: 1 },
      ],
      openings: [
        'A {height} cm tall lamp for the corner behind the sofa.',
        'Throws its light at the ceiling and fills the room without shadows.',
      ],
    },
    {
      noun: 'Rechargeable Table Lamp',
      price: [35, 159],
      specifications: [
        { key: 'brightness', label: 'Brightness', unit: 'lm', from: 150, to: 350, step: 10 },
        { key: 'battery_life', label: 'Battery life', unit: 'h', from: 8, to: 40, step: 2 },
        { key: 'height', label: 'Height', unit: 'cm', from: 24, to: 38, step: 1 },
        { key: 'power', label: 'Power', unit: 'W', from: 2, to: 4, step: 0.5 },
      ],
      openings: [
        'A lamp without a cable that gives light at the table for {battery_life} hours.',
        'Goes from the dining table to the terrace, and does not mind a shower of rain.',
      ],
    },
    {
      noun: 'Pendant Lamp',
      price: [49, 289],
      specifications: [
        { key: 'brightness', label: 'Brightness', unit: 'lm', from: 700, to: 1800, step: 100 },
        { key: 'height', label: 'Height of the shade', unit: 'cm', from: 20, to: 36, step: 1 },
        { key: 'cable_length', label: 'Cable length', unit: 'm', values: [1.5, 2, 2.5] },
        { key: 'power', label: 'Power', unit: 'W', from: 8, to: 18, step: 1 },
      ],
      openings: [
        'A pendant lamp for the dining table that keeps the faces lit and the bulb hidden.',
        'Hangs on a textile cable of {cable_length} m that can be shortened without tools.',
      ],
    },
  ],
  specifications: [
    { key: 'color_temperature', label: 'Color temperature', unit: 'K', values: [2700, 2700, 3000] },
    { key: 'dimmable', label: 'Dimmable', values: [false, true, true] },
    { key: 'warranty', label: 'Warranty', unit: 'years', values: [2, 3, 5] },
  ],
  option: { name: 'Finish', labels: ['Black', 'Brass', 'White'], stepUsd: 0 },
  middles: [
    [
      'Plain lines let it disappear in most rooms.',
      'It gives a warm light of {color_temperature} K.',
    ],
    [
      'A touch on the shade dims it in steps.',
      'It remembers its last brightness, which is nearly always the right one.',
    ],
    [
      'Colors look as they do in daylight, thanks to a rendering index of 97.',
      'The shade is spun by hand, so no two are quite the same.',
    ],
  ],
  closings: [
    'The light source can be replaced.',
    'It draws {power} W.',
    'It arrives assembled.',
    'The maker repairs it, also after the warranty.',
  ],
};
