import type { CategorySeed } from '../category-seed.ts';

export const backpacks: CategorySeed = {
  path: 'Sports > Backpacks',
  brands: {
    Cragmere: ['20', '30', '40'],
    Terranova: ['Light', 'Tour', 'Expedition'],
    Haverpack: ['A1', 'A2', 'A3'],
    Wayfell: ['Day', 'Week', 'Far'],
    Ruckmore: ['I', 'II', 'III'],
    Fjellvik: ['S', 'M', 'L'],
    Portway: ['City', 'Metro', 'Global'],
    Osprin: ['Plain', 'Plus', 'Prime'],
  },
  lines:
    'Tarn Scarp Depot Spur Valle Cima Porto Ruota Beck Moraine Desk Pedal Path Pass Satchel ' +
    'Saddle Brook Boulder Folder Chain Sti Topp Kontor Hjul Lane Crest Terminal Spoke Glade Summit ' +
    'Ledger Derby',
  kinds: [
    {
      noun: 'Hiking Daypack',
      price: [49, 139],
      specifications: [
        { key: 'volume', label: 'Volume', unit: 'l', from: 18, to: 30, step: 2 },
        { key: 'weight', label: 'Weight', unit: 'kg', from: 0.7, to: 1.1, step: 0.05 },
      ],
      openings: [
        'A daypack of {volume} l with a ventilated back and a place for poles.',
        'Takes lunch, a jacket and two liters of water, and sits close to the back.',
      ],
    },
    {
      noun: 'Trekking Backpack',
      price: [119, 329],
      specifications: [
        { key: 'volume', label: 'Volume', unit: 'l', from: 45, to: 70, step: 5 },
        { key: 'weight', label: 'Weight', unit: 'kg', from: 1.5, to: 2.2, step: 0.05 },
      ],
      openings: [
        'A {volume} l backpack for tours of several days, with a frame that carries on the hips.',
        'The back length adjusts in seconds, also with a full load.',
      ],
    },
    {
      noun: 'Laptop Backpack',
      price: [45, 179],
      specifications: [
        { key: 'volume', label: 'Volume', unit: 'l', from: 16, to: 26, step: 2 },
        { key: 'laptop_size', label: 'Laptop', unit: 'in', values: [14, 16, 17] },
        { key: 'weight', label: 'Weight', unit: 'kg', from: 0.6, to: 1.1, step: 0.05 },
      ],
      openings: [
        'A backpack for the office with a padded compartment for laptops up to {laptop_size} inches.',
        'Stands upright on the floor and opens like a suitcase.',
      ],
    },
    {
      noun: 'Cycling Backpack',
      price: [55, 159],
      specifications: [
        { key: 'volume', label: 'Volume', unit: 'l', from: 10, to: 22, step: 2 },
        { key: 'weight', label: 'Weight', unit: 'kg', from: 0.5, to: 0.9, step: 0.05 },
      ],
      openings: [
        'A narrow backpack that stays put when you ride out of the saddle.',
        'Holds {volume} l, a helmet outside and a pump where it can be reached.',
      ],
    },
  ],
  specifications: [
    {
      key: 'material',
      label: 'Material',
      values: ['Polyester', 'Recycled nylon', 'Ripstop nylon'],
    },
    { key: 'rain_cover', label: 'Rain cover', values: [false, true, true] },
    { key: 'warranty', label: 'Warranty', unit: 'years', values: [2, 5, 10] },
  ],
  option: { name: 'Color', labels: ['Anthracite', 'Moss', 'Rust'], stepUsd: 0 },
  middles: [
    ['It has few straps and no secrets.', 'The zips run smoothly with gloves on.'],
    [
      'A rain cover hides in a pocket of its own.',
      'Its recycled nylon is light and stands up to rock and asphalt.',
    ],
    [
      'Sealed seams keep the inside dry in anything short of a river.',
      'The top model carries its load so well that one forgets to take it off.',
    ],
  ],
  closings: [
    'It weighs {weight} kg.',
    'The maker repairs it for {warranty} years.',
    'A chest strap with a whistle is included.',
    'There is a hidden pocket for a passport.',
  ],
};
