/** Workers collect what is printed; one JSON object a line is what their tools can query. */
import type { Log } from '../ports.ts';

export const consoleLog: Log = (entry) => console.log(JSON.stringify(entry));
