/**
 * What the roles of a server ask of each other: interfaces, with the records that they pass. A role
 * imports this package and never another role.
 */
package io.starfire.serving.role;
