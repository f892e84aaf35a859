import * as v from '../pools/values.ts'
import { choice, flag, type Kind, kind, numeric, text, whole } from './kind.ts'

const fileList: v.Value = (c) => Array.from({ length: c.random.int(1, 4) }, () => v.fileName(c)).join(', ')

const lines: v.Value = (c) => `${v.message(c)}\n${c.random.pick([v.phrase, v.message, v.code])(c)}`

/** Kinds that work on files, code and numbers: what the command line offers the model. */
export const fileKinds: readonly Kind[] = [
  kind('calculator', {
    names: 'calculator calculator calculator calculate calc math evaluate compute',
    descriptions: [
      'Evaluate an arithmetic expression.',
      'Calculator for numbers.',
      'Computes a math expression.',
      'Does arithmetic.',
      'Calculate an expression exactly.',
    ],
    parameters: [text('expression|expression|expression|expr|formula|input', v.expression, 'Expression')],
    asks: [
      'What is {0}?',
      'Calculate {0}.',
      'Compute {0}',
      'Use the calculator: {0}',
      'How much is {0}?',
      'Work out {0}.',
      'Evaluate {0}',
      '{0}',
      '{0} = ?',
      'What does {0} equal?',
      'Use the calculator to compute {0}.',
      'What is {0}? Use the calculator.',
    ],
    result: [
      'result',
      (c) =>
        c.random.chance(0.7)
          ? String(c.random.int(-999, 9999999))
          : `${c.random.int(0, 9999)}.${c.random.int(1, 999)}`,
    ],
    answers: ['{0} = {v}'],
  }),
  kind('list-files', {
    names: 'list_files list_files list_files ls list_directory listFiles dir',
    descriptions: [
      'List the files in a folder.',
      'Lists a directory.',
      'Show which files a folder has.',
      'List files.',
    ],
    parameters: [text('path|path|path|folder|directory|dir', v.folder, 'Folder')],
    asks: [
      'List the files in {0}.',
      'What files are in {0}?',
      'Which files are in {0}?',
      'Show the files in {0}.',
      'What is in the folder {0}?',
      'ls {0}',
    ],
    result: ['files', fileList],
    answers: ['The files in {0} are: {v}.'],
  }),
  kind('read-file', {
    names: 'read_file read_file read_file open_file cat readFile get_file',
    descriptions: [
      'Read a text file.',
      'Returns the content of a file.',
      'Open a file and read it.',
      'Read a file.',
    ],
    parameters: [text('path|path|path|file|filename|file_path', v.path, 'File path')],
    asks: [
      'Read {0}.',
      'Read the file {0}.',
      'What is in {0}?',
      'Show me the content of {0}.',
      'Open {0}.',
      'What does the file {0} say?',
      'cat {0}',
      'Display {0}',
    ],
    result: ['content', (c) => c.random.pick([v.phrase, v.message, v.integer, v.title, v.code, lines])(c)],
    answers: ['The file {0} says: {v}'],
  }),
  kind('write-file', {
    names: 'write_file save_file create_file writeFile',
    descriptions: ['Write text to a file.', 'Save a file.', 'Create a file with a content.'],
    parameters: [
      text('path|file|filename', v.path, 'File path'),
      text('content|text|data', (c) => c.random.pick([v.phrase, v.message, v.integer])(c), 'Text'),
    ],
    asks: [
      'Write "{1}" to {0}.',
      'Save "{1}" in the file {0}.',
      'Create {0} with the text "{1}".',
      'Put "{1}" into {0}.',
    ],
    result: ['bytes', v.integer],
    answers: ['I wrote {v} bytes to {0}.'],
  }),
  kind('delete-file', {
    names: 'delete_file remove_file rm erase_file',
    descriptions: ['Delete a file.', 'Removes a file from disk.'],
    parameters: [text('path|file|filename', v.path, 'File path')],
    asks: ['Delete {0}.', 'Remove the file {0}.', 'Erase {0}, please.', 'Get rid of the file {0}.'],
    result: ['status', (c) => c.random.pick(['deleted', 'removed', 'done'])],
    answers: ['The file {0}: {v}.'],
  }),
  kind('copy-file', {
    names: 'copy_file move_file rename_file mv',
    descriptions: ['Move a file to a new path.', 'Rename or move a file.'],
    parameters: [
      text('from|source|old_path', v.path, 'Old path'),
      text('to|target|new_path', v.path, 'New path'),
    ],
    asks: [
      'Move {0} to {1}.',
      'Rename {0} to {1}.',
      'Move the file {0} to {1}.',
      'Change the name of {0} to {1}.',
    ],
    result: ['status', (c) => c.random.pick(['moved', 'ok', 'done'])],
    answers: ['The file is now {1}: {v}.'],
  }),
  kind('search-files', {
    names: 'search_files search_files search_files find_files grep find_in_files',
    descriptions: [
      'Search for text in the files.',
      'Find files that contain a text.',
      'Search files.',
      'Looks for a word in all files.',
    ],
    parameters: [
      text(
        'query|query|query|text|pattern|term',
        (c) => c.random.pick([v.noun, v.topic, v.phrase, v.code])(c),
        'Text',
      ),
    ],
    asks: [
      'Search the files for {0}.',
      'Which files contain {0}?',
      'Find files with {0}.',
      'Look for {0} in the files.',
      'Find {0} in my files.',
      'grep {0}',
    ],
    result: ['files', fileList],
    answers: ['I found {0} in: {v}.'],
  }),
  kind('run-javascript', {
    names: 'run_javascript run_javascript run_javascript run_code eval_js javascript execute runJs',
    descriptions: [
      'Run JavaScript code.',
      'Executes JavaScript and returns the result.',
      'Run code.',
      'JavaScript interpreter.',
    ],
    parameters: [text('code|code|code|script|source|js', v.javascript, 'Code')],
    asks: [
      'Run {0}',
      'Run this JavaScript: {0}',
      'Execute {0}',
      'Run the code {0}',
      'What does the code {0} return?',
      'Evaluate this JavaScript: {0}',
    ],
    result: ['result', (c) => c.random.pick([v.integer, v.noun, v.decimal])(c)],
    answers: ['The code returned {v}.'],
  }),
  kind('search-documents', {
    names: 'search_documents search_documents search_documents search_docs doc_search retrieve query_docs',
    descriptions: [
      'Search the documents.',
      'Find passages in the documentation.',
      'Search the document store.',
      'Retrieve documents about a topic.',
    ],
    parameters: [text('query|query|query|question|text|topic', v.query, 'Query')],
    asks: [
      'What do the documents say about {0}?',
      'Search the documents for {0}.',
      'Find documents about {0}.',
      'Look up {0} in the documents.',
      'What do the docs say about {0}?',
      'Search the docs for {0}.',
    ],
    result: ['passage', (c) => c.random.pick([v.phrase, v.message])(c)],
    answers: ['The documents say: {v}'],
  }),
  kind('web-search', {
    names: 'web_search search_web search google internet_search',
    descriptions: ['Search the web.', 'Search the internet for a query.', 'Web search.'],
    parameters: [text('query|q|text|search', v.query, 'Query')],
    asks: [
      'Search the web for {0}.',
      'Search for {0}.',
      'Google {0}.',
      'Look up {0} online.',
      'Find {0} on the internet.',
      'Search the internet for {0}.',
    ],
    result: ['result', (c) => c.random.pick([v.title, v.phrase, v.url])(c)],
    answers: ['I found: {v}'],
  }),
  kind('convert-units', {
    names: 'convert_units unit_converter convert units convert_measure',
    descriptions: ['Convert a value between units.', 'Unit conversion.', 'Converts length, mass and time.'],
    parameters: [
      numeric('value|amount|number', v.decimal, 'Value'),
      text(
        'from|from_unit|source',
        (c) => c.random.pick(['km', 'kg', 'miles', 'inches', 'feet', 'hours', 'pounds']),
        'Unit',
      ),
      text(
        'to|to_unit|target',
        (c) => c.random.pick(['m', 'g', 'cm', 'yards', 'mm', 'minutes', 'seconds', 'ounces']),
        'Unit',
      ),
    ],
    asks: [
      'Convert {0} {1} to {2}.',
      'How many {2} are {0} {1}?',
      'What is {0} {1} in {2}?',
      'Turn {0} {1} into {2}.',
    ],
    result: ['value', v.decimal],
    answers: ['{0} {1} is {v} {2}.'],
  }),
  kind('convert-format', {
    names: 'convert_format encode_number cast to_format quantize',
    descriptions: [
      'Round a number to a number format.',
      'Encode a number in FP8.',
      'Cast a value to a small format.',
    ],
    parameters: [
      numeric('value|number|x', v.decimal, 'Number'),
      choice('format|type|dtype', 'e4m3|e5m2|e2m1|e8m0|bf16|hif8', 'Format'),
    ],
    asks: [
      'Convert {0} to {1}.',
      'Encode {0} in {1}.',
      'Round {0} to {1}.',
      'Quantize {0} to {1}.',
      'What is {0} in {1}?',
    ],
    result: ['value', v.decimal],
    answers: ['{0} in {1} is {v}.'],
  }),
  kind('model-info', {
    names: 'model_info inspect_model checkpoint_info get_model',
    descriptions: ['Information about a model file.', 'Inspect a checkpoint.', 'Get the size of a model.'],
    parameters: [text('model|path|checkpoint', v.path, 'Model')],
    asks: [
      'Inspect the model {0}.',
      'How big is the model {0}?',
      'Tell me about the checkpoint {0}.',
      'Give me information on the model {0}.',
    ],
    result: ['parameters', v.integer],
    answers: ['The model {0} has {v} parameters.'],
  }),
  kind('random-number', {
    names: 'random_number roll_dice random_int pick_number',
    descriptions: ['Get a random number.', 'Random integer in a range.'],
    parameters: [
      whole('min|low|from', v.smallInteger, 'Lowest'),
      whole('max|high|to', (c) => String(c.random.int(61, 999)), 'Highest'),
    ],
    asks: [
      'Give me a random number from {0} to {1}.',
      'Pick a number between {0} and {1}.',
      'Random number between {0} and {1}?',
    ],
    result: ['number', v.integer],
    answers: ['The random number is {v}.'],
  }),
  kind('compress', {
    names: 'compress_folder zip archive_folder make_zip',
    descriptions: ['Compress a folder.', 'Make a zip of a folder.'],
    parameters: [
      text('path|folder|directory', v.folder, 'Folder'),
      flag('encrypt|secure|protected', 'Encrypt it'),
    ],
    asks: [
      ['Compress {0} with encryption.', { 1: true }],
      ['Compress {0} without encryption.', { 1: false }],
      ['Make an encrypted zip of {0}.', { 1: true }],
      ['Zip the folder {0}, not encrypted.', { 1: false }],
    ],
    result: ['file', v.fileName],
    answers: ['The archive is {v}.'],
  }),
]
