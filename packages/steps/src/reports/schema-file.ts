// Looks into an uploaded XML schema without trusting it: no entities, no network, no other file.
import { readFile } from 'node:fs/promises';

export type SchemaFile = { namespace: string /** Other schemas that it includes, imports or redefines. */; locations: string[] } | { fault: string };

export async function readSchema(file: string): Promise<SchemaFile> {
  const { ParseOption, XmlAttribute, XmlDocument, XmlError } = await import('libxml2-wasm');
  try {
    using document = XmlDocument.fromBuffer(await readFile(file), { option: ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_XXE });
    // A document type could define entities that open other files once a validator reads the schema again.
    if (document.dtd) return { fault: 'has a document type declaration' };
    const { root } = document;
    if (root.name !== 'schema' || root.namespaceUri !== 'http://www.w3.org/2001/XMLSchema') return { fault: `is no XML schema: its root is <${root.name}>` };
    const namespace = root.attr('targetNamespace')?.value;
    if (!namespace || /[<>&"]/.test(namespace)) return { fault: 'has no usable targetNamespace' };
    // xml:base would move where a reference leads.
    if (document.eval('boolean(//@xml:base)')) return { fault: 'uses xml:base' };
    const references = document.find('/*/*[local-name()="include" or local-name()="import" or local-name()="redefine"]/@schemaLocation');
    const locations = references.map((node) => (node instanceof XmlAttribute ? node.value.replace(/^\.\//, '') : ''));
    return { namespace, locations };
  } catch (thrown) {
    if (thrown instanceof XmlError) return { fault: `is not well-formed XML: ${thrown.message.trim()}` };
    throw thrown;
  }
}
