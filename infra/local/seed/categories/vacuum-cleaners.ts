import type { CategorySeed } from '../category-seed.ts';

export const vacuumCleaners: CategorySeed = {
  path: 'Home > Vacuum Cleaners',
  brands: {
    Dustrel: ['200', '400', '600'],
    Cyclara: ['C1', 'C2', 'C3'],
    Sweepwell: ['Easy', 'Plus', 'Pro'],
    Hoverley: ['10', '20', '30'],
    Brisola: ['Light', 'Strong', 'Max'],
    Tornova: ['S', 'T', 'X'],
    Klarheim: ['I', 'II', 'III'],
    Morningham: ['Basic', 'Comfort', 'Deluxe'],
  },
  lines:
    'Wisp Rover Barrel Palm Gyre Pilot Drum Nub Broom Scout Sledge Crumb Glide Marble Hull Pocket ' +
    'Stelo Giro Botte Mano Vane Puck Tower Fist Stab Kreis Tonne Krume Heather Badger Cart Wren',
  kinds: [
    {
      noun: 'Cordless Stick Vacuum',
      price: [129, 599],
      specifications: [
        { key: 'run_time', label: 'Run time', unit: 'min', from: 30, to: 70, step: 5 },
        { key: 'dust_capacity', label: 'Dust capacity', unit: 'l', from: 0.4, to: 0.8, step: 0.1 },
        { key: 'weight', label: 'Weight', unit: 'kg', from: 2.9, to: 2.3, step: 0.1 },
      ],
      openings: [
        'A cordless vacuum cleaner that runs for {run_time} minutes and turns into a hand vacuum.',
        'Stands by itself, weighs {weight} kg and lights the floor ahead.',
      ],
    },
    {
      noun: 'Robot Vacuum',
      price: [179, 899],
      specifications: [
        { key: 'run_time', label: 'Run time', unit: 'min', from: 90, to: 180, step: 10 },
        { key: 'dust_capacity', label: 'Dust capacity', unit: 'l', from: 0.3, to: 0.5, step: 0.1 },
        { key: 'mopping', label: 'Mopping', values: [false, true, true] },
        { key: 'weight', label: 'Weight', unit: 'kg', from: 3.1, to: 4.2, step: 0.1 },
      ],
      openings: [
        'A robot that maps the rooms once and then cleans them while nobody is home.',
        'Runs for {run_time} minutes, slips under sofas and knows where the carpet ends.',
      ],
    },
    {
      noun: 'Canister Vacuum Cleaner',
      price: [89, 429],
      specifications: [
        { key: 'power', label: 'Power', unit: 'W', from: 550, to: 890, step: 10 },
        { key: 'dust_capacity', label: 'Dust capacity', unit: 'l', from: 2.5, to: 4.5, step: 0.5 },
        { key: 'noise_level', label: 'Noise level', unit: 'dB', from: 76, to: 64, step: 1 },
        { key: 'weight', label: 'Weight', unit: 'kg', from: 4.6, to: 5.8, step: 0.1 },
      ],
      openings: [
        'A canister vacuum cleaner of {noise_level} dB, quiet enough to talk over.',
        'Holds {dust_capacity} l of dust and reaches nine meters from the socket.',
      ],
    },
    {
      noun: 'Handheld Vacuum',
      price: [39, 149],
      specifications: [
        { key: 'run_time', label: 'Run time', unit: 'min', from: 10, to: 25, step: 1 },
        { key: 'dust_capacity', label: 'Dust capacity', unit: 'l', from: 0.2, to: 0.5, step: 0.1 },
        { key: 'weight', label: 'Weight', unit: 'kg', from: 1.3, to: 0.7, step: 0.1 },
      ],
      openings: [
        'A small vacuum for crumbs, stairs and the car that hangs ready on the wall.',
        'Sucks up what a broom leaves behind, wet or dry, for {run_time} minutes.',
      ],
    },
  ],
  specifications: [
    { key: 'filter', label: 'Filter', values: ['Washable', 'HEPA 12', 'HEPA 13'] },
    { key: 'warranty', label: 'Warranty', unit: 'years', values: [2, 3, 5] },
  ],
  middles: [
    [
      'It has one good brush instead of five that stay in the cupboard.',
      'An honest machine for small homes.',
    ],
    [
      'Its {filter} filter keeps back fine dust, and hair does not wind around the brush.',
      'The middle model adds a larger bin and a quieter motor.',
    ],
    [
      'The top model senses how much dust there is and works no harder than it must.',
      'Its {filter} filter makes it a good choice for people with allergies.',
    ],
  ],
  closings: [
    'The dust bin opens at the press of a button.',
    'Brushes and filters can be replaced at home.',
    'It comes with a warranty of {warranty} years.',
    'Dust reaches the bin only, not the air.',
  ],
};
