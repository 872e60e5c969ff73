/**
 * The values that Starfire's processes send to each other as JSON, and the client of Starfire's
 * routes.
 */
package io.starfire.protocol;
