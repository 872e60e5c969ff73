/**
 * Raw records, and how their bytes become fields: scanners for the formats, the rules for numbers,
 * texts and times, and the targets that make a Java record or a row of the fields. Does not depend
 * on events or data sources.
 */
package io.starfire.decoding;
