import type { CategorySeed } from '../category-seed.ts';

export const runningShoes: CategorySeed = {
  path: 'Sports > Running Shoes',
  brands: {
    Fleetmoor: ['1', '2', '3'],
    Strida: ['Base', 'Pro', 'Elite'],
    Cadenta: ['90', '120', '160'],
    Roadwell: ['Easy', 'Swift', 'Race'],
    Pacelle: ['A', 'S', 'R'],
    Terranova: ['Lite', 'Plus', 'Max'],
    Loperi: ['Uno', 'Due', 'Tre'],
    Windhaver: ['10', '20', '30'],
  },
  lines:
    'Dawn Fell Comet Anchor Via Cresta Lampo Perno Beat Scree Allegro Basso Avenue Gorge Mile ' +
    'Pillar Brise Sentier Fusee Appui Plain Summit Bolt Mast Strada Bosco Freccia Molo Gale Ridge ' +
    'Falcon Keel',
  kinds: [
    {
      noun: 'Road Running Shoes',
      price: [79, 169],
      specifications: [
        { key: 'drop', label: 'Heel-to-toe drop', unit: 'mm', values: [10, 8, 8] },
        { key: 'stack_height', label: 'Stack height', unit: 'mm', from: 28, to: 36, step: 1 },
        { key: 'weight', label: 'Weight', unit: 'g', from: 292, to: 248, step: 1 },
      ],
      openings: [
        'Everyday running shoes for asphalt, with a soft heel and a smooth roll.',
        'Shoes for the daily miles, {weight} g light and cushioned for hard roads.',
      ],
    },
    {
      noun: 'Trail Running Shoes',
      price: [89, 189],
      specifications: [
        { key: 'drop', label: 'Heel-to-toe drop', unit: 'mm', values: [8, 6, 4] },
        { key: 'lug_depth', label: 'Lug depth', unit: 'mm', values: [4, 5, 6] },
        { key: 'stack_height', label: 'Stack height', unit: 'mm', from: 26, to: 33, step: 1 },
        { key: 'weight', label: 'Weight', unit: 'g', from: 318, to: 272, step: 1 },
      ],
      openings: [
        'Trail running shoes with {lug_depth} mm lugs that hold on wet roots and loose stones.',
        'A plate under the forefoot and a closed tongue keep sharp rocks and sand outside.',
      ],
    },
    {
      noun: 'Racing Shoes',
      price: [119, 259],
      specifications: [
        { key: 'drop', label: 'Heel-to-toe drop', unit: 'mm', values: [8, 8, 7] },
        { key: 'plate', label: 'Plate', values: ['Nylon', 'Glass fiber', 'Carbon'] },
        { key: 'stack_height', label: 'Stack height', unit: 'mm', from: 34, to: 39, step: 1 },
        { key: 'weight', label: 'Weight', unit: 'g', from: 232, to: 178, step: 1 },
      ],
      openings: [
        'Racing shoes of {weight} g for distances from five kilometers to the marathon.',
        'A springy foam and a plate that tips the foot forward make fast days faster.',
      ],
    },
    {
      noun: 'Stability Running Shoes',
      price: [89, 179],
      specifications: [
        { key: 'drop', label: 'Heel-to-toe drop', unit: 'mm', values: [12, 10, 10] },
        { key: 'stack_height', label: 'Stack height', unit: 'mm', from: 29, to: 36, step: 1 },
        { key: 'weight', label: 'Weight', unit: 'g', from: 322, to: 284, step: 1 },
      ],
      openings: [
        'Running shoes that guide the foot where it tends to roll inwards.',
        'Wide at the base and firm at the sides, for runners who want a steady landing.',
      ],
    },
  ],
  specifications: [
    { key: 'upper', label: 'Upper', values: ['Engineered mesh', 'Knit', 'Woven ripstop'] },
  ],
  option: { name: 'Size', labels: ['US 7', 'US 8', 'US 9', 'US 10', 'US 11'], stepUsd: 0 },
  middles: [
    [
      'They are made for beginners and for those who run twice a week.',
      'A roomy toe box makes them easy to live with.',
    ],
    [
      'The foam returns more than that of the entry model and keeps its shape longer.',
      'Reflective threads in the upper show up in headlights.',
    ],
    [
      'The top model uses the lightest foam the maker has, over a {stack_height} mm stack.',
      'Every gram was argued about, and most of them lost.',
    ],
  ],
  closings: [
    'The drop is {drop} mm.',
    'A third of the upper is recycled polyester.',
    'Expect some 600 kilometers from a pair.',
    'The insole can be taken out for your own.',
  ],
};
