const adjectives =
  "able amber bold brave bright calm clever crisp eager fair fast fine fond glad grand handy jolly keen kind " +
  "light lively loyal merry mild neat nimble noble polite proud quick quiet rare ready sharp smart smooth " +
  "steady sunny swift tidy warm wise witty young";
const animals =
  "ant badger bat bear bee bird boar cat colt crab crane crow deer dove duck eagle eel elk finch fish fox frog " +
  "goat goose gull hare hawk hen heron horse jay koi lark lion lynx mole moose mouse newt otter owl panda quail " +
  "ram raven seal shrew sloth snail stag stork swan toad trout vole wasp whale wolf wren yak";

/** A name for a run that was created without one, such as `calm-otter-417`. */
export function randomRunName(randomHex: (byteCount: number) => string): string {
  const number = Number.parseInt(randomHex(6), 16);
  const first = adjectives.split(" ");
  const second = animals.split(" ");
  const third = Math.floor(number / (first.length * second.length)) % 1000;
  return `${first[number % first.length]}-${second[Math.floor(number / first.length) % second.length]}-${third}`;
}
