import type { CategorySeed } from '../category-seed.ts';

export const speakers: CategorySeed = {
  path: 'Electronics > Speakers',
  brands: {
    Auravelle: ['150', '350', '650'],
    Tonquist: ['B1', 'B2', 'B3'],
    Drumlin: ['S', 'M', 'L'],
    Sonderby: ['One', 'Two', 'Four'],
    'Orrin & Vale': ['Cottage', 'Manor', 'Estate'],
    Mirelle: ['120', '320', '520'],
    Resonet: ['Go', 'Home', 'Max'],
    Pellari: ['Uno', 'Duo', 'Trio'],
  },
  lines:
    'Canyon Gallery Panorama Shelf Boulder Salon Stage Pillar Hillock Hearth Valley Mound Cove ' +
    'Room Horizon Niche Meadow Parlor Vista Library Pond Alcove Skyline Bookend Echo Chamber ' +
    'Cinema Duet Riva Soffio Teatro Coppia',
  kinds: [
    {
      noun: 'Portable Bluetooth Speaker',
      price: [35, 219],
      specifications: [
        { key: 'power', label: 'Power', unit: 'W', from: 8, to: 40, step: 2 },
        { key: 'battery_life', label: 'Battery life', unit: 'h', from: 10, to: 24, step: 1 },
        { key: 'water_resistance', label: 'Water resistance', values: ['IPX5', 'IPX7', 'IP67'] },
        { key: 'weight', label: 'Weight', unit: 'kg', from: 0.35, to: 1.1, step: 0.05 },
      ],
      openings: [
        'A speaker for the park and the kitchen that plays for {battery_life} hours on a charge.',
        'Waterproof to {water_resistance} and {weight} kg light, with a loop to hang it up by.',
      ],
    },
    {
      noun: 'Wi-Fi Multiroom Speaker',
      price: [129, 449],
      specifications: [
        { key: 'power', label: 'Power', unit: 'W', from: 30, to: 120, step: 10 },
        { key: 'microphones', label: 'Microphones', values: [0, 2, 4] },
        { key: 'weight', label: 'Weight', unit: 'kg', from: 1.4, to: 3.6, step: 0.1 },
      ],
      openings: [
        'A wireless speaker that plays alone, as half of a stereo pair or in every room at once.',
        'Streams over Wi-Fi without a phone nearby, and measures the room it stands in.',
      ],
    },
    {
      noun: 'Soundbar',
      price: [119, 749],
      specifications: [
        { key: 'power', label: 'Power', unit: 'W', from: 80, to: 420, step: 20 },
        { key: 'channels', label: 'Channels', values: ['2.0', '2.1', '5.1'] },
        { key: 'width', label: 'Width', unit: 'cm', from: 60, to: 115, step: 5 },
        { key: 'weight', label: 'Weight', unit: 'kg', from: 1.8, to: 5.6, step: 0.1 },
      ],
      openings: [
        'A {width} cm soundbar that makes dialogue on television easy to follow.',
        'Replaces the speakers of a television with {power} W and a single cable.',
      ],
    },
    {
      noun: 'Bookshelf Speaker Pair',
      price: [149, 899],
      specifications: [
        { key: 'power', label: 'Power', unit: 'W', from: 40, to: 150, step: 10 },
        { key: 'woofer_size', label: 'Woofer', unit: 'in', values: [4, 5.25, 6.5] },
        { key: 'weight', label: 'Weight', unit: 'kg', from: 3.8, to: 8.4, step: 0.2 },
      ],
      openings: [
        'A pair of two-way speakers with {woofer_size}-inch woofers for shelves and stands.',
        'Stereo speakers in real wood veneer that need no more than a small amplifier.',
      ],
    },
  ],
  specifications: [{ key: 'warranty', label: 'Warranty', unit: 'years', values: [2, 3, 5] }],
  option: { name: 'Color', labels: ['Charcoal', 'Oat', 'Forest Green'], stepUsd: 0 },
  middles: [
    [
      'It fills a small room without effort.',
      'Setting it up takes a minute, and there is little to get wrong.',
    ],
    [
      'A larger driver gives it the weight in the bass that the entry model lacks.',
      'Voices stay in front of the music, even at low volume.',
    ],
    [
      'The largest of the line plays loud parties and quiet evenings with the same calm.',
      'Its crossover was tuned by ear over a year, and one hears it.',
    ],
  ],
  closings: [
    'The fabric front can be taken off and washed.',
    'It comes with a warranty of {warranty} years.',
    'Its packaging contains no plastic.',
    'It weighs {weight} kg.',
  ],
};
