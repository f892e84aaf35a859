export interface Step {
  readonly operator: 'add' | 'subtract' | 'multiply'
  /** Index of a number in the text, or "r" for the first step's result. */
  readonly left: string
  readonly right: string
}

export interface WordTemplate {
  readonly numbers: readonly (readonly [number, number])[]
  readonly steps: readonly [Step, Step]
  readonly unit: string
  readonly wordings: readonly string[]
}

const operators = { '+': 'add', '-': 'subtract', '*': 'multiply' } as const

/** "0+1" uses the first two numbers of the text, "r-2" takes the third from the first step's result. */
function step(source: string): Step {
  const [, left, operator, right] = /^(.)(.)(.)$/.exec(source) as unknown as [
    string,
    string,
    '+' | '-' | '*',
    string,
  ]
  return { operator: operators[operator], left, right }
}

const MANY = [12, 99] as const
const FEW = [2, 9] as const
const SOME = [3, 60] as const
const LOTS = [100, 900] as const

function template(
  unit: string,
  one: string,
  two: string,
  numbers: WordTemplate['numbers'],
  wordings: readonly string[],
): WordTemplate {
  return { unit, steps: [step(one), step(two)], numbers, wordings }
}

export const wordTemplates: readonly WordTemplate[] = [
  template(
    '{thing}',
    '0+1',
    'r-2',
    [MANY, SOME, SOME],
    [
      '{name} has {0} {thing}. {other} gives {name} {1} more, then {name} loses {2}. How many {thing} does {name} have now?',
      '{name} had {0} {thing}, got {1} more and gave away {2}. How many {thing} are left?',
      'A box holds {0} {thing}. {name} adds {1} and takes out {2}. How many {thing} are in the box?',
      '{name} collects {0} {thing} on Monday and {1} on Tuesday, and then sells {2}. How many {thing} remain?',
    ],
  ),
  template(
    '{thing}',
    '0-1',
    'r+2',
    [MANY, SOME, SOME],
    [
      '{name} has {0} {thing}, gives {1} to {other} and then buys {2} more. How many {thing} does {name} have?',
      'There are {0} {thing} on the table. {name} takes {1} and {other} puts {2} there. How many {thing} are on the table?',
      'A shop has {0} {thing}. It sells {1} and then gets {2} new ones. How many {thing} does the shop have?',
      '{name} lost {1} of {0} {thing} but found {2} others. How many {thing} does {name} have?',
    ],
  ),
  template(
    '{thing}',
    '0+1',
    'r+2',
    [MANY, MANY, MANY],
    [
      '{name} has {0} {thing}, {other} has {1} and a friend has {2}. How many {thing} do they have together?',
      'There are {0} {thing} in one bag, {1} in the second and {2} in the third. How many {thing} are there in all?',
      '{name} picked {0} {thing} in the morning, {1} at noon and {2} in the evening. How many {thing} in total?',
    ],
  ),
  template(
    '{thing}',
    '0-1',
    'r-2',
    [LOTS, SOME, SOME],
    [
      '{name} has {0} {thing}. {name} gives {1} to {other} and eats {2}. How many {thing} are left?',
      'Out of {0} {thing}, {1} are broken and {2} are lost. How many good {thing} remain?',
      'A farm had {0} {thing}. It sold {1} on Friday and {2} on Saturday. How many {thing} are left?',
    ],
  ),
  template(
    '{thing}',
    '0*1',
    'r+2',
    [FEW, MANY, SOME],
    [
      '{name} buys {0} bags with {1} {thing} each and finds {2} more. How many {thing} does {name} have?',
      'There are {0} boxes of {1} {thing} and {2} loose ones. How many {thing} are there?',
      '{name} fills {0} baskets with {1} {thing} each. {other} brings {2} more. How many {thing} are there?',
    ],
  ),
  template(
    '{thing}',
    '0*1',
    'r-2',
    [FEW, MANY, [2, 20]],
    [
      '{name} has {0} boxes with {1} {thing} each and gives away {2}. How many {thing} are left?',
      'A shop gets {0} crates of {1} {thing}. {2} of them are bad. How many good {thing} are there?',
      '{name} packs {0} bags of {1} {thing} and then {other} takes {2}. How many {thing} remain?',
    ],
  ),
  template(
    'dollars',
    '0*1',
    'r+2',
    [FEW, MANY, SOME],
    [
      '{name} buys {0} tickets for {1} dollars each and a drink for {2} dollars. How much does {name} pay?',
      'A chair costs {1} dollars. {name} buys {0} chairs and a lamp for {2} dollars. What is the total price?',
      '{name} earns {1} dollars a day for {0} days and gets a gift of {2} dollars. How much money is that?',
    ],
  ),
  template(
    'dollars',
    '0*1',
    '2-r',
    [FEW, MANY, LOTS],
    [
      '{name} has {2} dollars and buys {0} shirts for {1} dollars each. How much money is left?',
      'With {2} dollars {name} pays for {0} books at {1} dollars each. How many dollars remain?',
      '{name} pays {0} times {1} dollars out of {2} dollars. How much is left?',
    ],
  ),
  template(
    'dollars',
    '0+1',
    '2-r',
    [MANY, MANY, LOTS],
    [
      '{name} buys a coat for {0} dollars and shoes for {1} dollars and pays with {2} dollars. How much change is there?',
      '{name} has {2} dollars, spends {0} on food and {1} on books. How much money is left?',
      'A trip costs {0} dollars for the train and {1} for the hotel. {name} has {2} dollars. How much is left after the trip?',
    ],
  ),
  template(
    'dollars',
    '0-1',
    'r+2',
    [LOTS, SOME, SOME],
    [
      '{name} has {0} dollars, spends {1} and then earns {2}. How much money does {name} have?',
      'The account of {name} holds {0} dollars. {1} go out and {2} come in. What does it hold now?',
    ],
  ),
  template(
    'years',
    '0+1',
    'r+2',
    [[3, 60], FEW, [2, 20]],
    [
      '{name} is {0} years old. {other} is {1} years older. How old will {other} be in {2} years?',
      '{other} is {1} years older than {name}, who is {0}. How old is {other} in {2} years?',
    ],
  ),
  template(
    'years',
    '0-1',
    'r+2',
    [[15, 80], FEW, [2, 20]],
    [
      '{name} is {0} years old. {other} is {1} years younger. How old will {other} be in {2} years?',
      '{other} is {1} years younger than {name}, who is {0}. How old is {other} in {2} years?',
    ],
  ),
  template(
    'pages',
    '0*1',
    '2-r',
    [FEW, [10, 45], [200, 900]],
    [
      'A book has {2} pages. {name} reads {1} pages a day for {0} days. How many pages are left?',
      '{name} reads {1} pages every day. After {0} days, how many of the {2} pages are left?',
    ],
  ),
  template(
    'pages',
    '0+1',
    '2-r',
    [MANY, MANY, LOTS],
    [
      'A book has {2} pages. {name} read {0} pages on Sunday and {1} on Monday. How many pages are left?',
      '{name} wants to read {2} pages and has read {0} and then {1}. How many pages remain?',
    ],
  ),
  template(
    'people',
    '0+1',
    'r-2',
    [MANY, MANY, [2, 24]],
    [
      'A bus has {0} people. At a stop {1} get on and {2} get off. How many people are on the bus?',
      '{0} people are in a room. {1} come in and {2} leave. How many people are in the room?',
    ],
  ),
  template(
    'people',
    '0-1',
    'r+2',
    [MANY, [2, 12], SOME],
    [
      'A train has {0} people. {1} get off and {2} get on. How many people are on the train?',
      '{0} people wait in a line. {1} leave and {2} join. How many people wait now?',
    ],
  ),
  template(
    'seats',
    '0*1',
    'r-2',
    [FEW, MANY, [2, 20]],
    [
      'A hall has {0} rows of {1} seats. {2} seats are taken. How many seats are free?',
      'There are {0} rows with {1} seats each, and {2} are broken. How many seats can be used?',
    ],
  ),
  template(
    '{thing}',
    '0+1',
    '0+r',
    [MANY, SOME],
    [
      '{name} has {0} {thing}. {other} has {1} more than {name}. How many {thing} do they have together?',
      '{other} has {1} more {thing} than {name}, who has {0}. How many {thing} do both have?',
    ],
  ),
  template(
    '{thing}',
    '0-1',
    '0+r',
    [
      [40, 99],
      [3, 38],
    ],
    [
      '{name} has {0} {thing}. {other} has {1} fewer than {name}. How many {thing} do they have together?',
      '{other} has {1} fewer {thing} than {name}, who has {0}. How many {thing} do both have?',
    ],
  ),
  template(
    'km',
    '0*1',
    'r+2',
    [FEW, MANY, SOME],
    [
      '{name} drives {1} km a day for {0} days and then {2} km more. How many km is that?',
      '{name} rides {1} km every day. After {0} days {name} rides {2} km more. How far is it in all?',
    ],
  ),
  template(
    'km',
    '0+1',
    '2-r',
    [MANY, MANY, LOTS],
    [
      'The way is {2} km long. {name} goes {0} km, rests and goes {1} km. How many km are left?',
      '{name} must drive {2} km. {name} drove {0} km and then {1} km. How far is it still?',
    ],
  ),
  template(
    'minutes',
    '0*1',
    'r+2',
    [FEW, [10, 60], SOME],
    [
      '{name} works on {0} tasks of {1} minutes each and rests {2} minutes. How many minutes is that?',
      'A class takes {1} minutes. {name} has {0} classes and a break of {2} minutes. How many minutes in all?',
    ],
  ),
  template(
    'kg',
    '0*1',
    'r+2',
    [FEW, [10, 80], SOME],
    [
      'A truck carries {0} boxes of {1} kg and one of {2} kg. What is the total weight?',
      '{name} lifts {0} sacks of {1} kg and a stone of {2} kg. How many kg is that?',
    ],
  ),
  template(
    '{thing}',
    '0+1',
    'r*2',
    [[2, 40], [2, 40], FEW],
    [
      'Each bag holds {0} red and {1} green {thing}. How many {thing} are in {2} bags?',
      '{name} puts {0} small and {1} big {thing} in every box. How many {thing} are in {2} boxes?',
    ],
  ),
  template(
    'dollars',
    '0+1',
    'r*2',
    [[2, 50], [2, 40], FEW],
    [
      'A ticket costs {0} dollars and a meal {1} dollars. What do {2} people pay?',
      '{name} pays {0} dollars for food and {1} for a bus every day. How much is it for {2} days?',
    ],
  ),
  template(
    'dollars',
    '0-1',
    'r*2',
    [[20, 90], [2, 18], FEW],
    [
      'A bag costs {0} dollars but today {1} dollars less. What do {2} bags cost?',
      '{name} earns {0} dollars a day and spends {1}. How much is saved in {2} days?',
    ],
  ),
  template(
    '{thing}',
    '0-1',
    'r*2',
    [[12, 60], [2, 11], FEW],
    [
      'Each of {2} boxes had {0} {thing}, and {1} were taken from each. How many {thing} are left?',
      'There are {2} bags with {0} {thing}. {name} takes {1} out of each bag. How many {thing} remain?',
    ],
  ),
  template(
    'points',
    '0+1',
    'r-2',
    [LOTS, MANY, SOME],
    [
      '{name} has {0} points, wins {1} and loses {2}. How many points does {name} have?',
      'In a game {name} gets {0} points, then {1} points, then loses {2}. What is the score?',
    ],
  ),
]
