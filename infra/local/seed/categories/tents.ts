import type { CategorySeed } from '../category-seed.ts';

export const tents: CategorySeed = {
  path: 'Sports > Tents',
  brands: {
    Fjellvik: ['1', '2', '3'],
    Cragmere: ['S', 'M', 'L'],
    Canvassa: ['Base', 'Plus', 'Pro'],
    Haverpack: ['T1', 'T2', 'T3'],
    'Moss & Peg': ['Light', 'Solid', 'Storm'],
    Terranova: ['100', '200', '300'],
    Nordhall: ['I', 'II', 'III'],
    Lakewell: ['Easy', 'Comfort', 'Grand'],
  },
  lines:
    'Myr Tinde Stue Vind Gully Corrie Hall Gust Vela Vetta Casa Brezza Copse Ledge Lodge Kestrel ' +
    'Fern Lichen Orchard Swift Prato Alpe Villa Lampo Elv Bre Storstue Fugl Shore Bluff Cabin ' +
    'Heron',
  kinds: [
    {
      noun: 'Trekking Tent',
      price: [149, 599],
      specifications: [
        { key: 'persons', label: 'Persons', values: [2, 2, 3] },
        { key: 'weight', label: 'Weight', unit: 'kg', from: 2.9, to: 1.6, step: 0.1 },
        { key: 'packed_length', label: 'Packed length', unit: 'cm', from: 48, to: 38, step: 1 },
      ],
      openings: [
        'A tent for {persons} people that weighs {weight} kg and stands after five minutes.',
        'Two entrances and two porches, so that nobody climbs over anybody at night.',
      ],
    },
    {
      noun: 'Four-Season Tent',
      price: [299, 999],
      specifications: [
        { key: 'persons', label: 'Persons', values: [2, 2, 3] },
        { key: 'weight', label: 'Weight', unit: 'kg', from: 3.8, to: 2.7, step: 0.1 },
        { key: 'packed_length', label: 'Packed length', unit: 'cm', from: 52, to: 44, step: 1 },
      ],
      openings: [
        'A tent for snow and wind, with poles that cross five times.',
        'Vents at the top and flaps at the bottom keep it dry in the cold.',
      ],
    },
    {
      noun: 'Family Tent',
      price: [229, 899],
      specifications: [
        { key: 'persons', label: 'Persons', values: [4, 5, 6] },
        { key: 'weight', label: 'Weight', unit: 'kg', from: 9.5, to: 17.5, step: 0.5 },
        {
          key: 'standing_height',
          label: 'Standing height',
          unit: 'cm',
          from: 195,
          to: 215,
          step: 5,
        },
      ],
      openings: [
        'A tent for {persons} people with room to stand up, {standing_height} cm high inside.',
        'Dark sleeping cabins and a living room with windows on three sides.',
      ],
    },
    {
      noun: 'Pop-Up Festival Tent',
      price: [49, 159],
      specifications: [
        { key: 'persons', label: 'Persons', values: [2, 2, 3] },
        { key: 'weight', label: 'Weight', unit: 'kg', from: 2.4, to: 3.2, step: 0.1 },
        { key: 'packed_diameter', label: 'Packed diameter', unit: 'cm', from: 66, to: 82, step: 2 },
      ],
      openings: [
        'Throw it up and it is a tent; folding it takes one more try.',
        'A tent for {persons} people that needs no poles, only four pegs and a flat place.',
      ],
    },
  ],
  specifications: [
    { key: 'water_column', label: 'Water column', unit: 'mm', values: [2000, 3000, 5000] },
    { key: 'warranty', label: 'Warranty', unit: 'years', values: [2, 3, 5] },
  ],
  option: { name: 'Color', labels: ['Pine', 'Sunset'], stepUsd: 0 },
  middles: [
    [
      'It is made for summer nights and the odd shower.',
      'The bag is large enough to get it back in.',
    ],
    [
      'The fabric withstands a water column of {water_column} mm.',
      'Guy lines that glow in the dark have saved many a toe.',
    ],
    [
      'Taped seams and a double floor make it the most weatherproof of the line.',
      'It was tested in a wind tunnel, and then on a beach in November.',
    ],
  ],
  closings: [
    'It weighs {weight} kg with pegs and bag.',
    'A repair kit is in the bag.',
    'The groundsheet is sewn in.',
    'Spare parts are available for {warranty} years.',
  ],
};
