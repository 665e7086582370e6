import { backpacks } from './categories/backpacks.ts';
import { coffeeMachines } from './categories/coffee-machines.ts';
import { cookware } from './categories/cookware.ts';
import { headphones } from './categories/headphones.ts';
import { lamps } from './categories/lamps.ts';
import { laptops } from './categories/laptops.ts';
import { officeChairs } from './categories/office-chairs.ts';
import { runningShoes } from './categories/running-shoes.ts';
import { smartwatches } from './categories/smartwatches.ts';
import { speakers } from './categories/speakers.ts';
import { tents } from './categories/tents.ts';
import { vacuumCleaners } from './categories/vacuum-cleaners.ts';
import type { CategorySeed } from './category-seed.ts';

export const CATEGORIES: readonly CategorySeed[] = [
  headphones,
  laptops,
  smartwatches,
  speakers,
  coffeeMachines,
  cookware,
  vacuumCleaners,
  lamps,
  runningShoes,
  backpacks,
  tents,
  officeChairs,
];
