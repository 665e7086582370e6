import type { CategorySeed } from '../category-seed.ts';

export const headphones: CategorySeed = {
  path: 'Electronics > Headphones',
  brands: {
    Auravelle: ['200', '400', '700'],
    Tonquist: ['T1', 'T3', 'T5'],
    Kestrin: ['Lite', 'Plus', 'Pro'],
    Halvorn: ['20', '40', '80'],
    Sonderby: ['I', 'II', 'III'],
    Pellari: ['S', 'M', 'X'],
    'Orrin & Vale': ['Classic', 'Select', 'Reserve'],
    Mirelle: ['110', '310', '510'],
  },
  lines:
    'Nocturne Fern Reference Drift Cadenza Pebble Monitor Sprint Silent Acorn Console Stride ' +
    'Fjord Skerry Mix Trail Lull Petal Master Breeze Haven Button Score Dash Velvet Clover ' +
    'Tracking Tempo Hush Bean Studio Kite',
  kinds: [
    {
      noun: 'Wireless Over-Ear Headphones',
      price: [69, 379],
      specifications: [
        { key: 'battery_life', label: 'Battery life', unit: 'h', from: 26, to: 58, step: 2 },
        {
          key: 'noise_cancelling',
          label: 'Active noise cancelling',
          values: [false, true, true],
        },
        { key: 'bluetooth', label: 'Bluetooth version', values: ['5.2', '5.3', '5.4'] },
        { key: 'weight', label: 'Weight', unit: 'g', from: 292, to: 236, step: 1 },
      ],
      openings: [
        'Closed wireless headphones with soft ear cushions and {battery_life} hours of battery life.',
        'Wireless over-ear headphones for long days, with {battery_life} hours between charges.',
      ],
    },
    {
      noun: 'True Wireless Earbuds',
      price: [39, 259],
      specifications: [
        { key: 'battery_life', label: 'Battery life', unit: 'h', from: 5, to: 9, step: 0.5 },
        { key: 'case_battery', label: 'Charging case', unit: 'h', from: 18, to: 36, step: 1 },
        {
          key: 'noise_cancelling',
          label: 'Active noise cancelling',
          values: [false, true, true],
        },
        { key: 'water_resistance', label: 'Water resistance', values: ['IPX4', 'IPX5', 'IP57'] },
        { key: 'weight', label: 'Weight of an earbud', unit: 'g', from: 6.2, to: 4.6, step: 0.1 },
      ],
      openings: [
        'Small earbuds that play for {battery_life} hours, and {case_battery} more from the charging case.',
        'Earbuds that sit flat in the ear, with {water_resistance} protection against rain and sweat.',
      ],
    },
    {
      noun: 'Wired Studio Headphones',
      price: [49, 349],
      specifications: [
        { key: 'impedance', label: 'Impedance', unit: 'ohm', values: [32, 80, 250] },
        { key: 'driver_size', label: 'Driver size', unit: 'mm', values: [40, 45, 50] },
        { key: 'cable_length', label: 'Cable length', unit: 'm', values: [1.8, 3, 3] },
        { key: 'weight', label: 'Weight', unit: 'g', from: 310, to: 262, step: 1 },
      ],
      openings: [
        'Wired headphones for recording and mixing, tuned for an even response.',
        'Closed studio headphones with {driver_size} mm drivers and a {cable_length} m cable that unplugs.',
      ],
    },
    {
      noun: 'Open-Ear Sport Headphones',
      price: [59, 199],
      specifications: [
        { key: 'battery_life', label: 'Battery life', unit: 'h', from: 7, to: 13, step: 0.5 },
        { key: 'water_resistance', label: 'Water resistance', values: ['IP55', 'IP67', 'IP68'] },
        { key: 'weight', label: 'Weight', unit: 'g', from: 34, to: 26, step: 1 },
      ],
      openings: [
        'Open-ear headphones that leave you aware of the traffic while you run or ride.',
        'Light sport headphones that rest in front of the ear and hold for {battery_life} hours.',
      ],
    },
  ],
  specifications: [{ key: 'warranty', label: 'Warranty', unit: 'years', values: [2, 2, 3] }],
  option: { name: 'Color', labels: ['Black', 'Ivory', 'Slate Blue'], stepUsd: 0 },
  middles: [
    [
      'It keeps to the essentials and gets them right.',
      'Voices come through clearly, which makes it a good first choice for calls and podcasts.',
    ],
    [
      'The bass is firm without covering the rest, and the fit stays comfortable.',
      'It adds a fuller sound and better materials to the entry model.',
    ],
    [
      'Drivers matched in pairs give it the most detailed sound of the line.',
      'The top of the line, for listeners who notice what a recording leaves out.',
    ],
  ],
  closings: [
    'A carrying pouch is included.',
    'It weighs {weight} g.',
    'Spare cushions or tips can be ordered for five years.',
    'The warranty runs for {warranty} years.',
  ],
};
