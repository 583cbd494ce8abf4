// Waiting for something that happens once, for a while, or for at most a while.

// Something that happens once.
export class Signal {
  isSet = false;
  #set;
  promise = new Promise((resolve) => {
    this.#set = resolve;
  });

  set(value) {
    this.isSet = true;
    this.#set(value);
  }
}

export class TooLate extends Error {}

export function sleep(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

// Waits for a promise, but not for longer than so many milliseconds; what it waited for goes on.
export async function within(milliseconds, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new TooLate()), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
