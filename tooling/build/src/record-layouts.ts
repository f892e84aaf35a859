/** Where the compiler put the fields of a module's own classes, for the program on the other side of the memory. */

/** `[name, offset, bytes]` of each field, those of the base class first. */
export type RecordFields = readonly (readonly [name: string, offset: number, bytes: number])[]

/** By name of the class. */
export type RecordLayouts = Readonly<Record<string, RecordFields>>

/** What is used of the compiler's program. */
interface Program {
  readonly elementsByName: ReadonlyMap<
    string,
    { readonly instances?: ReadonlyMap<string, Class> | null | undefined }
  >
}

interface Class {
  readonly members?: ReadonlyMap<string, { readonly instance?: Field | null }> | null
}

interface Field {
  readonly isField?: boolean
  readonly memoryOffset: number
  readonly type: { readonly byteSize: number }
}

/** A step of the compiler that hands the layouts of the classes in `assembly/` to `take`. The compiler makes the instance. */
export function layoutsTo(take: (layouts: RecordLayouts) => void): new () => object {
  return class {
    /** Set by the compiler. */
    declare readonly program: Program

    afterCompile(): void {
      const layouts: Record<string, RecordFields> = {}
      for (const [name, { instances }] of this.program.elementsByName) {
        if (!name.startsWith('assembly/') || !(instances instanceof Map)) continue
        for (const each of instances.values()) {
          const fields = fieldsOf(each)
          if (fields.length > 0) layouts[name.slice(name.lastIndexOf('/') + 1)] = fields
        }
      }
      take(layouts)
    }
  }
}

function fieldsOf({ members }: Class): RecordFields {
  return [...(members ?? [])].flatMap(([name, { instance }]) => {
    return instance?.isField === true ? [[name, instance.memoryOffset, instance.type.byteSize] as const] : []
  })
}
