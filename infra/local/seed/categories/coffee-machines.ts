import type { CategorySeed } from '../category-seed.ts';

export const coffeeMachines: CategorySeed = {
  path: 'Kitchen > Coffee Machines',
  brands: {
    Caffanova: ['100', '300', '500'],
    Brumello: ['Piccola', 'Media', 'Grande'],
    Steamwright: ['E1', 'E2', 'E3'],
    Oldenroast: ['Start', 'Daily', 'Barista'],
    Velora: ['12', '22', '32'],
    Tazzari: ['S', 'M', 'L'],
    Kupfer: ['I', 'II', 'III'],
    Morningham: ['Basic', 'Comfort', 'Deluxe'],
  },
  lines:
    'Duetto Automa Filtro Capsa Torino Robusta Goccia Tondo Lever Engine Drip Puck Crema Bean ' +
    'Kettle Pod Aria Mondo Lento Petalo Corsa Perla Mattina Conchiglia Press Orbit Funnel Thimble ' +
    'Baker Lane Harbor Cove',
  kinds: [
    {
      noun: 'Espresso Machine',
      price: [129, 899],
      specifications: [
        { key: 'pressure', label: 'Pump pressure', unit: 'bar', values: [15, 15, 9] },
        { key: 'water_tank', label: 'Water tank', unit: 'l', from: 1, to: 2.6, step: 0.1 },
        { key: 'power', label: 'Power', unit: 'W', from: 1250, to: 1700, step: 50 },
        { key: 'heat_up_time', label: 'Heat-up time', unit: 's', from: 60, to: 25, step: 5 },
      ],
      openings: [
        'A portafilter machine that is ready {heat_up_time} seconds after it is switched on.',
        'Pulls espresso at {pressure} bar and froths milk with a steam wand that turns both ways.',
      ],
    },
    {
      noun: 'Bean-to-Cup Coffee Machine',
      price: [299, 1299],
      specifications: [
        { key: 'pressure', label: 'Pump pressure', unit: 'bar', values: [15, 15, 19] },
        { key: 'water_tank', label: 'Water tank', unit: 'l', from: 1.6, to: 2.8, step: 0.1 },
        { key: 'power', label: 'Power', unit: 'W', from: 1400, to: 1550, step: 50 },
        { key: 'grinder_settings', label: 'Grinder settings', from: 5, to: 13, step: 1 },
      ],
      openings: [
        'Grinds beans for each cup, on {grinder_settings} settings, and rinses itself afterwards.',
        'A fully automatic machine that makes espresso, cappuccino and plain coffee at the push of a button.',
      ],
    },
    {
      noun: 'Filter Coffee Machine',
      price: [39, 249],
      specifications: [
        { key: 'water_tank', label: 'Water tank', unit: 'l', from: 1.2, to: 1.8, step: 0.1 },
        { key: 'cups', label: 'Cups', values: [8, 10, 12] },
        { key: 'power', label: 'Power', unit: 'W', from: 900, to: 1500, step: 50 },
        { key: 'thermal_jug', label: 'Thermal jug', values: [false, true, true] },
      ],
      openings: [
        'Brews {cups} cups of filter coffee at an even temperature.',
        'A drip machine for long breakfasts that wets the ground coffee first and then takes its time.',
      ],
    },
    {
      noun: 'Capsule Coffee Machine',
      price: [59, 219],
      specifications: [
        { key: 'pressure', label: 'Pump pressure', unit: 'bar', values: [15, 19, 19] },
        { key: 'water_tank', label: 'Water tank', unit: 'l', from: 0.6, to: 1.2, step: 0.1 },
        { key: 'power', label: 'Power', unit: 'W', from: 1150, to: 1500, step: 50 },
        { key: 'heat_up_time', label: 'Heat-up time', unit: 's', from: 30, to: 15, step: 5 },
      ],
      openings: [
        'A slim capsule machine that makes its first cup after {heat_up_time} seconds.',
        'Takes common aluminum capsules, and fits beside the toaster.',
      ],
    },
  ],
  specifications: [{ key: 'warranty', label: 'Warranty', unit: 'years', values: [2, 2, 3] }],
  option: { name: 'Color', labels: ['Matte Black', 'Stainless Steel', 'Cream'], stepUsd: 0 },
  middles: [
    [
      'Two buttons are all there is to learn.',
      'It is small enough for a kitchen with no counter to spare.',
    ],
    [
      'Strength and temperature can be set and are remembered.',
      'The water tank of {water_tank} l comes out at the front, which matters more than one thinks.',
    ],
    [
      'The top model has a steel housing and a display that says plainly what it needs.',
      'Profiles for six people end the discussion about whose coffee is right.',
    ],
  ],
  closings: [
    'All loose parts go into the dishwasher.',
    'It switches itself off after half an hour.',
    'A sachet of descaler is included.',
    'Spare parts are sold for ten years.',
  ],
};
