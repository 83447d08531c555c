// RUN: cnnc-opt %s --split-input-file --verify-diagnostics --cnnc-build-update

// expected-error @below {{'cnn.optimizer' op has no rule 'lion'; a rule is an op that updates a parameter, such as sgd or adam}}
cnn.optimizer "lion" {hypers = {}}

// -----

// expected-error @below {{'cnn.optimizer' op has no rule 'relu'; a rule is an op that updates a parameter, such as sgd or adam}}
cnn.optimizer "relu" {hypers = {}}

// -----

// expected-error @below {{'cnn.optimizer' op has no hyper-parameter "mometum"; sgd has lr, momentum, weight_decay}}
cnn.optimizer "sgd" {hypers = {mometum = 0.9 : f64}}

// -----

cnn.optimizer "sgd" {hypers = {}}
// expected-error @below {{'cnn.optimizer' op is the second optimizer of the module; there is one at the most}}
cnn.optimizer "adam" {hypers = {}}
