/**
 * Queries as values: one record for each type of query and for each of its parts, checked when it
 * is made. This package reads no rows and does not know JSON; of expressions it knows the text
 * only. The other packages build on it: {@code json} reads queries; {@code control}, {@code text},
 * {@code compute}, {@code filter}, {@code exec}, {@code result}, {@code scan} and {@code metadata}
 * answer them, each using only those before it.
 */
package io.starfire.serving.query.model;
