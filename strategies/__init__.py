"""How to obey or break a promise: values, bodies and cases for each rule of the contract."""
