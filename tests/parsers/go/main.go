// Reads a header {files, message} and then JSON texts, each as a JSON string on a line; says what protojson makes of each.
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"
	_ "google.golang.org/protobuf/types/known/durationpb"
	_ "google.golang.org/protobuf/types/known/structpb"
	_ "google.golang.org/protobuf/types/known/timestamppb"
)

type header struct {
	Files   string `json:"files"`
	Message string `json:"message"`
}

func fatal(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func message(line []byte) protoreflect.MessageDescriptor {
	var head header
	fatal(json.Unmarshal(line, &head))
	encoded, err := base64.StdEncoding.DecodeString(head.Files)
	fatal(err)
	var set descriptorpb.FileDescriptorSet
	fatal(proto.Unmarshal(encoded, &set))
	files, err := protodesc.NewFiles(&set)
	fatal(err)
	found, err := files.FindDescriptorByName(protoreflect.FullName(head.Message))
	fatal(err)
	return found.(protoreflect.MessageDescriptor)
}

func reading(descriptor protoreflect.MessageDescriptor, text string) map[string]string {
	parsed := dynamicpb.NewMessage(descriptor)
	if err := protojson.Unmarshal([]byte(text), parsed); err != nil {
		return map[string]string{"refused": err.Error()}
	}
	written, err := protojson.Marshal(parsed)
	if err != nil {
		return map[string]string{"refused": err.Error()}
	}
	return map[string]string{"read": string(written)}
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), 1<<28)
	lines.Scan()
	descriptor := message(lines.Bytes())
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var text string
		fatal(json.Unmarshal(lines.Bytes(), &text))
		fatal(out.Encode(reading(descriptor, text)))
	}
	fatal(lines.Err())
}
