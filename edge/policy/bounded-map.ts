/** Memory of an isolate that cannot grow without end: the oldest entry makes room for the newest. */
export function setBounded<K, V>(map: Map<K, V>, [key, value]: readonly [K, V], capacity: number) {
  map.delete(key);
  map.set(key, value);
  if (map.size <= capacity) return;
  const oldest = map.keys().next();
  if (!oldest.done) map.delete(oldest.value);
}
