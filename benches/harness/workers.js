// So many at a time.

/** Makes `calls` calls, `atATime` of them under way at a time. */
export async function inParallel(calls, atATime, call) {
  let made = 0;
  const worker = async () => {
    while (made < calls) {
      made += 1;
      await call(made);
    }
  };
  await Promise.all(Array.from({ length: atATime }, worker));
}
