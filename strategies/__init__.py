"""How to satisfy or violate each rule of a contract: values, bodies and cases."""
