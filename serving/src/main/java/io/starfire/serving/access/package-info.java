/**
 * Who asks, and what they may do: users of a file, bearer tokens of an identity provider, roles.
 */
package io.starfire.serving.access;
