/**
 * What Starfire's processes say to each other, as values that travel as JSON, and the client of its
 * routes.
 */
package io.starfire.protocol;
