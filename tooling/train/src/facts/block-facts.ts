/** Facts about block scaling and the DeepSeek layout: `subject` is what wordings ask about. */
export interface BlockFact {
  readonly id: string;
  readonly answer: string;
  readonly key: string;
  readonly subjects: readonly string[];
  /** A list of frames to put a subject in. */
  readonly frame: 'size' | 'what' | 'why' | 'who' | 'yes';
}

export const blockFrames = {
  size: {
    seen: ['What is {s}?', 'Tell me {s}.', 'How large is {s}?', '{s}?', 'Give me {s}.', 'Which number is {s}?', 'I want to know {s}.', 'Do you know {s}?', 'Please tell me {s}.', 'What about {s}?'],
    heldOut: ['Please give me {s}.', 'Do you know how large {s} is?', 'I want to know: what is {s}?'],
  },
  what: {
    seen: ['What is {s}?', 'What does {s} mean?', 'Tell me about {s}.', 'Explain {s}.', '{s}?', 'Do you know {s}?', 'What do you know about {s}?', 'Please explain {s}.', 'What is {s} in FP8 models?', 'Describe {s}.', 'I want to know what {s} is.'],
    heldOut: ['Please tell me what {s} is.', 'Can you explain {s}?', 'Do you know what {s} means?'],
  },
  why: {
    seen: ['Why {s}?', 'Tell me why {s}.', 'What is the reason that {s}?', 'Explain why {s}.', 'Do you know why {s}?', 'Please explain why {s}.', 'How come {s}?', 'For what reason {s}?', 'Can you say why {s}?', 'I want to know why {s}.'],
    heldOut: ['Please tell me why {s}.', 'Can you explain why {s}?', 'What is the reason why {s}?'],
  },
  who: {
    seen: ['Who {s}?', 'Tell me who {s}.', 'Do you know who {s}?', 'Which company {s}?', 'Please tell me who {s}.', 'I want to know who {s}.', 'Say who {s}.', 'Can you tell me who {s}?', 'By whom: who {s}?', 'Which team {s}?'],
    heldOut: ['Do you know which company {s}?', 'Please say who {s}.', 'Can you say who {s}?'],
  },
  yes: {
    seen: ['Is it true that {s}?', 'Is it right that {s}?', '{s}, right?', 'Tell me if {s}.', 'Do you know if {s}?', 'I want to know if {s}.', 'Is it so that {s}?', 'Can you say if {s}?', 'Please tell me if {s}.', '{s}?'],
    heldOut: ['Can you tell me if {s}?', 'Please say if it is true that {s}.', 'Do you know if it is true that {s}?'],
  },
} as const;

const fact = (id: string, frame: BlockFact['frame'], key: string, answer: string, ...subjects: string[]): BlockFact => ({ id, frame, key, answer, subjects });

export const blockFacts: readonly BlockFact[] = [
  fact('mx-block', 'size', '32', 'An MX block has 32 elements.', 'the block size of MX', 'the MX block size', 'the number of elements in an MX block'),
  fact('mxfp8-block', 'size', '32', 'An MXFP8 block has 32 elements.', 'the block size of MXFP8', 'the MXFP8 block size', 'the number of elements in an MXFP8 block'),
  fact('mxfp4-block', 'size', '32', 'An MXFP4 block has 32 elements.', 'the block size of MXFP4', 'the MXFP4 block size', 'the number of elements in an MXFP4 block'),
  fact('nvfp4-block', 'size', '16', 'An NVFP4 block has 16 elements.', 'the block size of NVFP4', 'the NVFP4 block size', 'the number of elements in an NVFP4 block'),
  fact('weight-block', 'size', '128x128', 'DeepSeek weights use blocks of 128x128.', 'the block size of DeepSeek weights', 'the DeepSeek weight block size', 'the weight_block_size of DeepSeek'),
  fact('activation-block', 'size', '1x128', 'DeepSeek activations use blocks of 1x128.', 'the block size of DeepSeek activations', 'the DeepSeek activation block size', 'the tile of DeepSeek activations'),
  fact('amax-floor', 'size', '1e-4', 'The activation maximum is at least 1e-4.', 'the lowest amax of DeepSeek activations', 'the amax clamp of DeepSeek activations', 'the amax floor of DeepSeek activations'),
  fact('mx-scale', 'what', 'E8M0', 'An MX block scale is one E8M0 code, a power of two.', 'the scale of an MX block', 'the MX block scale', 'the MX scale format'),
  fact('nvfp4-scale', 'what', 'E4M3', 'An NVFP4 block scale is an E4M3 number.', 'the scale of an NVFP4 block', 'the NVFP4 block scale', 'the NVFP4 scale format'),
  fact('nvfp4-global', 'what', 'FP32', 'NVFP4 has one FP32 global scale for a tensor.', 'the NVFP4 global scale', 'the global scale of NVFP4', 'the tensor scale of NVFP4'),
  fact('scale-inv', 'what', 'multiply', 'weight_scale_inv holds block scales: multiply the weights by it.', 'weight_scale_inv', 'the weight_scale_inv tensor', 'a tensor named weight_scale_inv'),
  fact('ue8m0', 'what', 'powers of two', 'UE8M0 is a scale format of 8 exponent bits: only powers of two.', 'UE8M0', 'the UE8M0 format', 'a UE8M0 scale'),
  fact('e8m0-code', 'what', '2^(code-127)', 'The E8M0 value is 2^(code-127).', 'the value of an E8M0 code', 'the E8M0 decode rule', 'the meaning of an E8M0 code'),
  fact('e8m0-nan', 'what', '0xFF', 'E8M0 NaN is the code 0xFF.', 'the NaN code of E8M0', 'the E8M0 NaN', 'NaN in E8M0'),
  fact('e4m3-nan', 'what', '0x7F', 'E4M3 NaN is 0x7F or 0xFF.', 'the NaN code of E4M3', 'the E4M3 NaN', 'NaN in E4M3'),
  fact('e4m3-top', 'what', '0x7E', 'The code of 448 in E4M3 is 0x7E.', 'the code of 448 in E4M3', 'the E4M3 code of 448', 'the top code of E4M3'),
  fact('e2m1-values', 'what', '0, 0.5, 1, 1.5, 2, 3, 4, 6', 'The E2M1 values are 0, 0.5, 1, 1.5, 2, 3, 4, 6.', 'the list of E2M1 values', 'the E2M1 value list', 'the set of FP4 values'),
  fact('hif8', 'what', 'tapered', 'HiF8 is an 8-bit format with tapered precision.', 'HiF8', 'the HiF8 format', 'HiFloat8'),
  fact('hif8-max', 'size', '32768', 'The largest HiF8 value is 32768.', 'the largest value of HiF8', 'the maximum of HiF8', 'the HiF8 max'),
  fact('hif8-min', 'size', '2^-22', 'The smallest positive HiF8 value is 2^-22.', 'the smallest positive HiF8 value', 'the minimum of HiF8', 'the smallest value of HiF8'),
  fact('hif8-zero', 'what', '0x80', 'HiF8 NaN is the code 0x80.', 'the NaN code of HiF8', 'the HiF8 NaN', 'NaN in HiF8'),
  fact('hif8-maker', 'who', 'Huawei', 'HiF8 was made by Huawei.', 'made HiF8', 'invented HiF8', 'created the HiF8 format'),
  fact('mx-maker', 'who', 'OCP', 'The MX formats are a standard of OCP.', 'made the MX formats', 'defined the MX formats', 'created MX'),
  fact('nvfp4-maker', 'who', 'NVIDIA', 'NVFP4 was made by NVIDIA.', 'made NVFP4', 'invented NVFP4', 'created the NVFP4 format'),
  fact('why-blocks', 'why', 'outlier', 'One outlier then spoils only its own block.', 'blocks have their own scale', 'block scales are used', 'there is one scale per block'),
  fact('why-ue8m0', 'why', 'exact', 'Scaling by a power of two is exact.', 'scales are powers of two', 'UE8M0 scales are used', 'a scale is a power of two'),
  fact('e8m0-zero', 'yes', 'no zero', 'No, E8M0 has no zero.', 'E8M0 has a zero', 'E8M0 can hold zero', 'there is a zero in E8M0'),
  fact('e8m0-sign', 'yes', 'no sign', 'No, E8M0 has no sign.', 'E8M0 has a sign bit', 'E8M0 can be negative', 'there is a sign in E8M0'),
  fact('rounding', 'what', 'even', 'RNE rounds to nearest, ties to even.', 'RNE', 'the rounding mode RNE', 'rounding to nearest even'),
  fact('hif8-round', 'what', 'away', 'HiF8 rounds to nearest, ties away from zero.', 'HiF8 rounding', 'the rounding of HiF8', 'the HiF8 rounding mode'),
];
