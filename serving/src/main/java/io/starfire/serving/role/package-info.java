/**
 * The interfaces through which the roles of a server use each other, with the records that they
 * pass. A role imports this package, and never another role.
 */
package io.starfire.serving.role;
