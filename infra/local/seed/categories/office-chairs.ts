import type { CategorySeed } from '../category-seed.ts';

export const officeChairs: CategorySeed = {
  path: 'Office > Chairs',
  brands: {
    Sittwell: ['100', '300', '500'],
    Ergonaut: ['E1', 'E2', 'E3'],
    Lehnhof: ['I', 'II', 'III'],
    Postura: ['Base', 'Flex', 'Motion'],
    'Harrow & Pine': ['Clerk', 'Partner', 'Director'],
    Backmere: ['S', 'M', 'X'],
    Arcady: ['Form', 'Line', 'Curve'],
    Stolheim: ['10', '20', '30'],
  },
  lines:
    'Mesa Council Perch Arena Vertebra Forum Sway Turbo Rahmen Runde Hocker Kurve Linea Agora Molla ' +
    'Pista Ladder Senate Stool Paddock Spine Panel Tilt Apex Grid Salon Pivot Circuit Netz Ting ' +
    'Fjord Loop',
  kinds: [
    {
      noun: 'Ergonomic Office Chair',
      price: [179, 899],
      specifications: [
        { key: 'max_load', label: 'Maximum load', unit: 'kg', values: [110, 130, 150] },
        { key: 'armrests', label: 'Armrests', values: ['Fixed', '3D', '4D'] },
        { key: 'weight', label: 'Weight', unit: 'kg', from: 15, to: 22, step: 0.5 },
      ],
      openings: [
        'An office chair with a mesh back and a lumbar support that moves with you.',
        'Seat depth, armrests and resistance adjust to people of very different build.',
      ],
    },
    {
      noun: 'Conference Chair',
      price: [89, 399],
      specifications: [
        { key: 'max_load', label: 'Maximum load', unit: 'kg', values: [110, 120, 130] },
        { key: 'stackable', label: 'Stackable', values: [true, true, false] },
        { key: 'weight', label: 'Weight', unit: 'kg', from: 6, to: 11, step: 0.5 },
      ],
      openings: [
        'A chair for meeting rooms that is comfortable for longer than most meetings.',
        'A light frame and a padded seat, made to be moved about.',
      ],
    },
    {
      noun: 'Active Sitting Stool',
      price: [79, 299],
      specifications: [
        { key: 'max_load', label: 'Maximum load', unit: 'kg', values: [110, 120, 120] },
        { key: 'seat_height', label: 'Highest seat', unit: 'cm', from: 58, to: 86, step: 2 },
        { key: 'weight', label: 'Weight', unit: 'kg', from: 5, to: 9, step: 0.5 },
      ],
      openings: [
        'A stool that sways a little, so that the back never quite rests.',
        'Made for standing desks: the seat goes up to {seat_height} cm.',
      ],
    },
    {
      noun: 'Gaming Chair',
      price: [149, 549],
      specifications: [
        { key: 'max_load', label: 'Maximum load', unit: 'kg', values: [120, 135, 150] },
        { key: 'recline', label: 'Recline', unit: '°', values: [135, 155, 165] },
        { key: 'weight', label: 'Weight', unit: 'kg', from: 19, to: 26, step: 0.5 },
      ],
      openings: [
        'A gaming chair that reclines to {recline} degrees between two matches.',
        'High sides, a neck pillow and cold foam that keeps its shape.',
      ],
    },
  ],
  specifications: [
    { key: 'cover', label: 'Cover', values: ['Polyester', 'Wool blend', 'Leather'] },
    { key: 'warranty', label: 'Warranty', unit: 'years', values: [2, 5, 10] },
  ],
  option: { name: 'Color', labels: ['Black', 'Light Gray', 'Petrol'], stepUsd: 0 },
  middles: [
    [
      'It holds {max_load} kg and is put together in a quarter of an hour.',
      'A good chair for a home office that is used a few days a week.',
    ],
    [
      'The wool blend of the cover breathes, and the base is cast aluminum.',
      'Made for eight hours a day, every day.',
    ],
    [
      'The top model is upholstered in leather and comes out of its box ready to sit on.',
      'Each joint moves without play, and is meant to for {warranty} years.',
    ],
  ],
  closings: [
    'It carries up to {max_load} kg.',
    'Every part can be ordered one by one.',
    'Felt glides or castors are included.',
    'It leaves no marks on wooden floors.',
  ],
};
