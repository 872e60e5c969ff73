/**
 * What a query is: one record for each type of query and for each of its parts, checked when it is
 * made. Reads no rows and knows no JSON; a query may as well be made by other means than a parser.
 * The other rooms stand on this one: {@code json} reads it; {@code control}, {@code filter}, {@code
 * exec}, {@code result}, {@code scan} and {@code metadata}, each on those before it, answer it.
 */
package io.starfire.serving.query.model;
