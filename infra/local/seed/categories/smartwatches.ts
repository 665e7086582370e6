import type { CategorySeed } from '../category-seed.ts';

export const smartwatches: CategorySeed = {
  path: 'Electronics > Smartwatches',
  brands: {
    Pulsarra: ['1', '2', '3'],
    Kestrin: ['Core', 'Edge', 'Elite'],
    Wayfell: ['E', 'S', 'Pro'],
    Tempora: ['40', '42', '45'],
    Nimbrel: ['W1', 'W2', 'W3'],
    Ostrand: ['Base', 'Plus', 'Max'],
    Brisola: ['Air', 'Neo', 'Prime'],
    Halvorn: ['10', '30', '50'],
  },
  lines:
    'Beat Summit Band Junior Orbit Ridge Loop Scout Compass Traverse Ribbon Cub Hour Meridian ' +
    'Slim Bell Time Ascent Thread Spark Nordic Glacier Strip Otter Sol Mesa Filament Finch Dial ' +
    'Cairn Clasp Puffin',
  kinds: [
    {
      noun: 'Fitness Smartwatch',
      price: [119, 349],
      specifications: [
        { key: 'display_size', label: 'Display', unit: 'in', values: [1.3, 1.4, 1.5] },
        { key: 'battery_life', label: 'Battery life', unit: 'days', from: 5, to: 12, step: 1 },
        { key: 'weight', label: 'Weight', unit: 'g', from: 42, to: 34, step: 1 },
      ],
      openings: [
        'A smartwatch for training and everyday life that measures heart rate, sleep and pace.',
        'Counts laps, steps and intervals, and lasts {battery_life} days on a charge.',
      ],
    },
    {
      noun: 'Outdoor GPS Watch',
      price: [229, 699],
      specifications: [
        { key: 'display_size', label: 'Display', unit: 'in', values: [1.3, 1.3, 1.4] },
        { key: 'battery_life', label: 'Battery life', unit: 'days', from: 14, to: 32, step: 1 },
        { key: 'gps_hours', label: 'GPS tracking', unit: 'h', from: 24, to: 80, step: 2 },
        { key: 'weight', label: 'Weight', unit: 'g', from: 68, to: 52, step: 1 },
      ],
      openings: [
        'A rugged watch with offline maps that records a track for {gps_hours} hours.',
        'Barometer, compass and GPS on the wrist, in a case that shrugs off rock and ice.',
      ],
    },
    {
      noun: 'Slim Fitness Tracker',
      price: [35, 129],
      specifications: [
        { key: 'display_size', label: 'Display', unit: 'in', values: [1.1, 1.3, 1.5] },
        { key: 'battery_life', label: 'Battery life', unit: 'days', from: 7, to: 16, step: 1 },
        { key: 'weight', label: 'Weight', unit: 'g', from: 27, to: 21, step: 1 },
      ],
      openings: [
        'A narrow tracker of {weight} g that counts steps and sleep and otherwise stays out of the way.',
        'Shows messages, steps and heart rate on a {display_size}-inch display.',
      ],
    },
    {
      noun: "Kids' Smartwatch",
      price: [59, 169],
      specifications: [
        { key: 'display_size', label: 'Display', unit: 'in', values: [1.2, 1.3, 1.4] },
        { key: 'battery_life', label: 'Battery life', unit: 'days', from: 2, to: 4, step: 1 },
        { key: 'weight', label: 'Weight', unit: 'g', from: 44, to: 38, step: 1 },
      ],
      openings: [
        'A watch for children with calls to numbers that parents choose.',
        'Finds the way home on a map and stays silent in school hours.',
      ],
    },
  ],
  specifications: [
    { key: 'water_resistance', label: 'Water resistance', unit: 'ATM', values: [5, 5, 10] },
    { key: 'warranty', label: 'Warranty', unit: 'years', values: [1, 2, 2] },
  ],
  option: { name: 'Strap', labels: ['Graphite', 'Sand', 'Coral'], stepUsd: 0 },
  middles: [
    [
      'The plain model leaves out music, and costs accordingly.',
      'Set up in a few minutes, it works with phones of either kind.',
    ],
    [
      'It keeps songs for when the phone stays at home.',
      'A display that stays on and a faster sensor set it apart from the entry model.',
    ],
    [
      'Sapphire glass makes it the toughest of the line.',
      'The top model measures on two frequencies, so tracks stay true between tall buildings.',
    ],
  ],
  closings: [
    'The strap changes without tools.',
    'It can be worn while swimming, down to {water_resistance} ATM.',
    'All measurements can be exported.',
    'It charges fully in an hour.',
  ],
};
